"""Errors of provisioning that a caller tells apart."""


class ProvisioningError(Exception):
    """Something a person has to put right; the message names the thing and the remedy."""

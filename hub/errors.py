"""Errors of the hub that a caller tells apart."""


class HubError(Exception):
    """Base of everything the hub raises on purpose."""


class ConfigError(HubError):
    """The configuration cannot be used; the message names the key and the remedy."""


class NotFoundError(HubError):
    """There is no such thing, or not for this person: a stranger cannot tell which."""


class InputError(HubError):
    """Something typed or uploaded is wrong; the message, in Indonesian, names the field and the remedy."""

"""Errors of the edge that a caller tells apart."""


class EdgeError(Exception):
    """Base of everything the edge raises on purpose."""


class ConfigError(EdgeError):
    """The configuration cannot be used; the message names the key and the remedy."""


class OutboxFullError(EdgeError):
    """The outbox has no room left for this lane, not even in its reserve."""


class OutboxUnavailableError(EdgeError):
    """The disk refused to keep a row; nothing was accepted."""

"""The fixtures of the screens."""

from tests.hub.screens import city, clock, screens

__all__ = ["city", "clock", "screens"]

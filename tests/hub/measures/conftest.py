"""The screens of the hub, for tests of measures."""

from tests.hub.screens import city, clock, screens

__all__ = ["city", "clock", "screens"]

"""The sensor port: what every source of values looks like, and how a source is named."""

from datetime import datetime
from typing import Protocol

from edge.errors import EdgeError


class SensorError(EdgeError):
    """A source is unknown, or its sensor cannot be read now."""


class Sensor(Protocol):
    """A source of one value."""

    def read(self, at: datetime) -> float:
        """Return the value now, in the unit its quantity names.

        Args:
            at: The time now, UTC.

        Raises:
            SensorError: there is no value to be had now.
        """
        ...

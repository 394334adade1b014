"""Readings as lines of the InfluxDB line protocol; pure.

influxdb-client's ``Point`` costs eight times as much a line; a test holds the two against each other.
"""

from math import isfinite

from hub.telemetry.store import Reading

MEASUREMENT = "telemetry"

_IN_KEY = str.maketrans({",": "\\,", "=": "\\=", " ": "\\ ", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def line_of(reading: Reading) -> str:
    """Return the line of a reading, time in milliseconds; empty when it has no value."""
    device, source, quantities = reading.channel
    fields = ",".join(
        f"{quantity.translate(_IN_KEY)}={repr(value).removesuffix('.0')}"
        for quantity, value in zip(quantities, reading.values, strict=True)
        if isfinite(value)
    )
    if not fields:
        return ""
    # A tag without a value is not allowed, and the device itself is no source.
    source_tag = f",source={_tag_value(source)}" if source else ""
    return f"{MEASUREMENT},device={_tag_value(device)}{source_tag} {fields} {reading.at_ms}"


def _tag_value(text: str) -> str:
    escaped = text.translate(_IN_KEY)
    # A backslash at the end would escape the comma that follows.
    return f"{escaped} " if escaped.endswith("\\") else escaped

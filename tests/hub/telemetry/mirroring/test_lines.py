"""Our line writer against influxdb-client's own."""

import math

from hypothesis import given
from hypothesis import strategies as st
from influxdb_client.client.write.point import Point

from hub.telemetry.mirroring.lines import MEASUREMENT, line_of
from hub.telemetry.store import Channel, Reading

# The client does not refuse these either, and neither reaches a server of ours: ids are checked.
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
VALUES = st.floats(allow_nan=True, allow_infinity=True)


@given(NAMES, st.one_of(st.just(""), NAMES), st.dictionaries(NAMES, VALUES, min_size=1, max_size=4))
def test_a_line_is_what_the_client_would_write(device: str, source: str, fields: dict[str, float]) -> None:
    names = tuple(sorted(fields))
    point = Point(MEASUREMENT).tag("device", device).tag("source", source).time(1_795_230_000_000)
    for name in names:
        point.field(name, fields[name])
    reading = Reading(
        Channel(device, source, names), 1_795_230_000_000, 1, tuple(fields[name] for name in names), 0
    )
    assert line_of(reading) == point.to_line_protocol()


def test_a_reading_without_any_value_has_no_line() -> None:
    assert line_of(Reading(Channel("pi-01", "", ("load",)), 1, 1, (math.nan,), 1)) == ""

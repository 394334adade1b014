"""The table of handlers."""

from edge.wire.records.bodies import LANE_OF_BODY, HadirScan, MotionEvent, SensorReading
from hub.ingest.handlers import merge_handlers
from hub.ingest.keeping.events import keep_events
from hub.ingest.keeping.receipts import KIND_OF_BODY, RECEIPT_KINDS
from hub.ingest.process import base_handlers
from hub.telemetry.catalogue import Catalogue


def test_no_body_type_is_without_a_handler() -> None:
    table = base_handlers(catalogue=Catalogue(), has_feed=False, added={})
    assert set(table) == set(LANE_OF_BODY)
    assert all(table.values())


def test_a_concern_is_told_after_ingest_itself() -> None:
    def concern(_session: object, _arrivals: object) -> None:
        """Never called here."""

    added = dict.fromkeys((HadirScan, MotionEvent, SensorReading), concern)
    table = base_handlers(catalogue=Catalogue(), has_feed=False, added=added)
    assert table[HadirScan] == (concern,)
    assert table[MotionEvent] == (keep_events, concern)
    assert table[SensorReading][-1] is concern
    assert len(table[SensorReading]) == 2


def test_what_nobody_takes_goes_to_the_fallback() -> None:
    table = merge_handlers(base={HadirScan: ()}, added={}, fallback=keep_events)
    assert table == {HadirScan: (keep_events,)}


def test_every_kind_has_its_number_for_receipts() -> None:
    assert set(KIND_OF_BODY.values()) == set(RECEIPT_KINDS)
    assert len(set(RECEIPT_KINDS)) == len(RECEIPT_KINDS)

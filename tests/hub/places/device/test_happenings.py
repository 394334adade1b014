"""Events of a device in words: none of the wire's words reach a screen."""

import re
from datetime import UTC, datetime

import msgspec
import pytest
from flask_babel import force_locale

from edge.wire.records.bodies import (
    LANE_OF_BODY,
    Body,
    CameraFault,
    CameraIntegrity,
    Cause,
    ClipKept,
    ClipReason,
    DeviceIncident,
    DeviceReturned,
    Lane,
    MotionEvent,
    OutboxGap,
    PictureState,
)
from edge.wire.updates import UpdateFault, UpdateReport, UpdateState
from hub.ingest.models import Event
from hub.places.device.happenings import FAULT_WORDS, INCIDENT_WORDS, KIND_WORDS, PICTURE_WORDS, happening_of
from tests.hub.ingest.rig import SAMPLES
from tests.hub.screens import Screens

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)


def said(screens: Screens, body: Body, source: str = "utara") -> str:
    kind = msgspec.json.decode(msgspec.json.encode(body))["kind"]
    event = Event(at=AT, source=source, kind=kind, body=msgspec.json.encode(body).decode())
    with screens.app.test_request_context(), force_locale("id"):
        row = happening_of(event, {"utara": "Lengan utara"})
    return f"{row.source} | {row.kind} | {row.sentence}"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (MotionEvent("utara", 75.0, 0.25), "gerak | selama 75 dtk, paling luas 25 % gambar"),
        (CameraIntegrity("utara", PictureState.GOOD), "keadaan gambar | gambar baik"),
        (
            CameraIntegrity(
                "utara", PictureState.ABSENT, CameraFault.REFUSED, "port 554", 1, Cause.CAMERA, 0.8
            ),
            "tanpa gambar · sambungan ditolak · sebab kamera (80 %) · port 554",
        ),
        (
            OutboxGap(Lane.TELEMETRY, "full", 1200),
            "1.200 rekaman pengukuran tidak tersimpan · kotak keluar penuh",
        ),
        (DeviceIncident("mains-lost", "battery 80%"), "listrik PLN padam, memakai baterai · battery 80%"),
        (DeviceReturned(600.0), "kembali terhubung | tidak terdengar selama 10 mnt"),
        (
            UpdateReport(UpdateState.FAILED, number=12, name="1.2.0", fault=UpdateFault.NO_ROOM),
            "gagal, versi lama tetap jalan · 1.2.0 (12) · Disk perangkat tidak cukup.",
        ),
        (
            ClipKept("utara", "20261121t025950z-0badcafe", AT, 12.0, 1_500_000, ClipReason.MOTION),
            "klip disimpan | 12 dtk · 1,4 MiB · karena ada gerak",
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_an_event_is_a_sentence(screens: Screens, body: Body, words: str) -> None:
    text = said(screens, body)
    assert text.startswith("Lengan utara | ")
    assert words in text


def test_every_record_of_the_wire_has_words(screens: Screens) -> None:
    texts = [said(screens, body) for body in SAMPLES if type(body) in LANE_OF_BODY]
    assert len(texts) >= len(KIND_WORDS)
    assert [text for text in texts if re.search(r"\| [a-z]+-[a-z]+ \|", text)] == []


def test_every_picture_and_fault_has_a_word() -> None:
    assert set(PICTURE_WORDS) == set(PictureState)
    assert set(FAULT_WORDS) == set(CameraFault) - {CameraFault.NONE}
    assert len(set(INCIDENT_WORDS)) == len(INCIDENT_WORDS)

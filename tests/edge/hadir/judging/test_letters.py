"""A letter before the camera of a door: judged offline, told in words, never recorded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from edge.clock import Stamp
from edge.hadir.answers import Tell
from edge.hadir.door import Door
from edge.hadir.judging.letters import letter_message
from edge.hadir.judging.memory import MemoryUses, UsedCodes
from edge.hadir.kiosk.picture import notice_of
from edge.hadir.messages import Message
from edge.supervision.messages import Told
from edge.supervision.pipe_codec import decode, encode_message
from edge.wire.papers.seal import seal_letter
from edge.wire.papers.trust import EndedKey, LetterTrust
from edge.wire.records.bodies import ClockQuality
from tests.edge.wire.papers.test_seal import ADDRESS, CLAIM, KEY, TEXT, TRUST

NOW = Stamp(at=datetime(2026, 11, 22, 3, tzinfo=UTC), mono_ns=10**9, quality=ClockQuality.SYNCED)


def said(text: str = TEXT, trust: LetterTrust | None = TRUST, *, after_days: int = 0) -> Message:
    now = Stamp(NOW.at + timedelta(days=after_days), NOW.quality, NOW.mono_ns)
    return letter_message(text, trust, now)


@pytest.mark.parametrize(
    ("text", "revoked", "after_days", "code", "action"),
    [
        (TEXT, (), 0, "S14", "ASLI"),
        (TEXT, (CLAIM.code,), 0, "S15", "DICABUT"),
        (TEXT, (), 31, "S16", "KEDALUWARSA"),
        (TEXT[:-2] + "AA", (), 0, "S17", "BERUBAH"),
        (TEXT.replace("PONTIVE", "PALSU"), (), 0, "S18", "TIDAK DIKENAL"),
    ],
    ids=["genuine", "revoked", "expired", "altered", "unknown"],
)
def test_a_door_tells_five_standings_apart(
    text: str, revoked: tuple[str, ...], after_days: int, code: str, action: str
) -> None:
    message = said(text, msgspec.structs.replace(TRUST, revoked=revoked), after_days=after_days)
    assert (message.code, message.action) == (code, action)
    assert bool(message.name) == (code in ("S14", "S15", "S16")), "facts only under a signature that holds"


def test_the_facts_to_compare_stand_on_the_screen_and_stay_there() -> None:
    message = said()
    assert message.name == "Keterangan Domisili"
    assert message.note.endswith("Nomor 400.12/0001/KEL-BML/XI/2026, untuk SI** RA**.")
    notice = notice_of(Told(message.code, message.text, message.name, message.action, message.note), 1)
    assert (notice.tone, notice.initials, notice.lasts_s) == ("good", "", 5.0)


def test_a_door_shows_no_facts_of_a_letter_whose_key_was_stolen() -> None:
    ended = EndedKey(number=1, key=dict(TRUST.keys)[1], ended_at=NOW.at)
    message = said(trust=msgspec.structs.replace(TRUST, keys=(), ended=(ended,)))
    assert (message.code, message.name) == ("S20", "")
    assert "dicuri" in message.text
    assert CLAIM.number not in message.text


def test_without_a_list_the_door_says_where_to_go_and_an_old_list_says_how_old_it_is() -> None:
    assert said(trust=None).code == "S19"
    assert "hari lalu" not in said(after_days=2).note
    assert said(after_days=5).note.endswith("Daftar pencabutan 5 hari lalu.")


def test_with_an_unknown_clock_nothing_is_called_expired() -> None:
    lost = Stamp(NOW.at + timedelta(days=400), ClockQuality.UNKNOWN, NOW.mono_ns)
    message = letter_message(TEXT, TRUST, lost)
    assert message.code == "S14"
    assert message.note.startswith("Surat asli; tanggal dan pencabutan tidak dapat diperiksa di sini.")


def test_a_door_answers_a_letter_once_and_stores_nothing() -> None:
    door = Door(door="pintu", direction="both", memory=UsedCodes(MemoryUses()))
    (answer,) = door.present(TEXT, NOW)
    assert isinstance(answer, Tell)
    assert answer.message.code == "S19"
    door.letters = TRUST
    assert door.present(TEXT, NOW) == [], "it is still held there"
    later = Stamp(NOW.at + timedelta(minutes=1), NOW.quality, NOW.mono_ns + 60 * 10**9)
    (answer,) = door.present(TEXT, later)
    assert isinstance(answer, Tell)
    assert answer.message.code == "S14"
    assert not door.is_waiting


def test_the_agent_lets_the_words_of_a_letter_through() -> None:
    longest = replace(CLAIM, kind="k" * 40, number="9" * 60, holder="H" * 24)
    message = said(seal_letter(KEY, longest, address=ADDRESS), after_days=9)
    told = Told(message.code, message.text, message.name, message.action, message.note)
    assert decode(encode_message(told)) == told

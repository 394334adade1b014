"""The texts of a door: complete, Indonesian, and with one sound an outcome."""

import inspect
import re
from datetime import UTC, datetime

import pytest

from edge.hadir import messages
from edge.hadir.messages import Message, Sound, clock_time, greeting

AT = datetime(2026, 11, 23, 0, 14, 9, tzinfo=UTC)
SAMPLES: list[Message] = [
    messages.arrived("Budi", AT, 0),
    messages.arrived("Budi", AT, 12),
    messages.arrived("Budi", AT, None),
    messages.left("Budi", AT),
    messages.recorded_without_time("Budi"),
    messages.already_recorded(AT),
    messages.expired(95),
    messages.used(),
    messages.unknown_phone(),
    messages.badge_not_allowed(),
    messages.no_roster(),
    messages.revoked(),
    messages.badge_ran_out(),
    messages.not_genuine(),
    messages.foreign(),
    messages.ask_pin(),
    messages.wrong_pin(4),
    messages.challenge("482"),
    messages.offline(3),
    messages.clock_is_estimated(),
    messages.roster_is_old(31),
    messages.hint(is_too_small=True),
    messages.not_kept(),
]


def test_every_code_of_the_reference_has_a_text() -> None:
    expected = {"H00", "H01", *(f"E0{n}" for n in range(2, 10)), "W10", "W11", "T12", "E13"}
    assert {message.code for message in SAMPLES} == expected


def test_every_text_is_sampled_here() -> None:
    made = {
        name
        for name, value in vars(messages).items()
        if inspect.isfunction(value) and value.__annotations__.get("return") is Message
    }
    source = inspect.getsource(inspect.getmodule(test_every_text_is_sampled_here))  # type: ignore[arg-type]
    assert {name for name in made if f"messages.{name}(" not in source} == set()


@pytest.mark.parametrize("message", SAMPLES, ids=lambda m: m.code)
def test_a_message_fits_the_screen_and_the_record(message: Message) -> None:
    assert 0 < len(message.text) <= 120
    assert re.fullmatch("[EHTW][0-9]{2}", message.code)
    assert message.text[0].isupper()


def test_sounds_tell_outcomes_apart_without_reading() -> None:
    sounds = {message.code: message.sound for message in SAMPLES}
    assert sounds["H00"] is Sound.HIGH_ONCE
    assert sounds["H01"] is Sound.MID_TWICE
    assert {sounds[f"E0{n}"] for n in (2, 3, 4, 5)} == {Sound.LOW_ONCE}
    assert {sounds["E06"], sounds["E13"]} == {Sound.LOW_TWICE}
    assert {sounds[code] for code in ("E07", "W10", "W11", "T12")} == {Sound.NONE}


def test_times_are_those_of_pontianak() -> None:
    assert clock_time(AT) == "07.14"
    assert clock_time(datetime(2026, 11, 22, 17, 5, tzinfo=UTC)) == "00.05"


@pytest.mark.parametrize(
    ("hour_utc", "text"), [(0, "pagi"), (4, "siang"), (8, "sore"), (11, "malam"), (20, "malam"), (21, "pagi")]
)
def test_the_greeting_follows_the_day(hour_utc: int, text: str) -> None:
    assert greeting(AT.replace(hour=hour_utc)) == f"Selamat {text}"


def test_a_shortened_name_ends_with_one_full_stop() -> None:
    assert messages.left("Budi S.", AT).text == "Selamat pagi, Budi S. PULANG 07.14 — sampai jumpa"
    assert messages.left("Budi", AT).text == "Selamat pagi, Budi. PULANG 07.14 — sampai jumpa"

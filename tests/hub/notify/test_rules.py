"""Pauses, addresses, quiet hours, and what no message says."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import InputError
from hub.notify.rules import LONGEST_PAUSE_S, check_address, pause_before, quiet_until
from hub.notify.service import Channel
from hub.notify.wording import HIDDEN, without_personal_numbers

ZONE = ZoneInfo("Asia/Pontianak")


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_pause_grows_is_capped_and_is_spread(tries: int, chance: float) -> None:
    pause_s = pause_before(tries, chance).total_seconds()
    assert 15 <= pause_s <= LONGEST_PAUSE_S
    assert pause_before(tries + 1, chance) >= pause_before(tries, chance)


def test_the_first_pauses_double() -> None:
    assert [pause_before(tries, 1.0).total_seconds() for tries in (1, 2, 3, 4)] == [30, 60, 120, 240]
    assert pause_before(1, 0.0) == timedelta(seconds=15)


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        (Channel.EMAIL, "nama@pontianak.go.id"),
        (Channel.EMAIL, " a.b+c@x-y.id "),
        (Channel.TELEGRAM, "-1001234567890"),
        (Channel.TELEGRAM, "@kanal_kota"),
        (Channel.WEBHOOK, "https://layanan.example.id/pontive?x=1"),
        (Channel.WEBHOOK, "http://10.0.0.7:8080/"),
    ],
)
def test_a_right_address_is_kept(channel: Channel, text: str) -> None:
    assert check_address(channel, text) == text.strip()


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        (Channel.EMAIL, "nama"),
        (Channel.EMAIL, "a@b"),
        (Channel.EMAIL, "a@b.id, c@d.id"),
        (Channel.EMAIL, "a@b.id\r\nBcc: c@d.id"),
        (Channel.EMAIL, "mailto://a:b@c.id"),
        (Channel.TELEGRAM, "budi"),
        (Channel.TELEGRAM, "12 34"),
        (Channel.WEBHOOK, "ftp://x.id/"),
        (Channel.WEBHOOK, "file:///etc/passwd"),
        (Channel.WEBHOOK, "https://nama:sandi@x.id/"),
        (Channel.WEBHOOK, "https://x.id:99999/"),
        (Channel.WEBHOOK, "https://[x/"),
        (Channel.WEBHOOK, "https://"),
        (Channel.WEBHOOK, "https://x.id/a b"),
        (Channel.WEBHOOK, "https://x.id/\u2028a"),
        (Channel.WEBHOOK, "https://x.id/" + "a" * 200),
    ],
)
def test_a_wrong_address_is_refused_with_an_example(channel: Channel, text: str) -> None:
    with pytest.raises(InputError, match="contoh"):
        check_address(channel, text)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 21, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "begins", "ends", "until"),
    [
        (at(23), time(22), time(6), at(6) + timedelta(days=1)),
        (at(3), time(22), time(6), at(6)),
        (at(12), time(22), time(6), None),
        (at(22), time(22), time(6), at(6) + timedelta(days=1)),
        (at(6), time(22), time(6), None),
        (at(13), time(12), time(14), at(14)),
        (at(14), time(12), time(14), None),
        (at(3), time(0), time(0), None),
    ],
)
def test_quiet_hours_may_go_over_midnight(
    now: datetime, begins: time, ends: time, until: datetime | None
) -> None:
    assert quiet_until(now, begins, ends, ZONE) == until


@pytest.mark.parametrize(
    "number", ["6171051234560001", "19800101 200501 1 001", "6171.0512.3456.0001", "61-71-05-12-34-56-00-01"]
)
def test_what_may_be_a_personal_number_is_hidden(number: str) -> None:
    assert without_personal_numbers(f"oleh {number}.") == f"oleh {HIDDEN}."


@pytest.mark.parametrize(
    "text", ["147 kamera", "Sab 21 Nov 2026 10.14 WIB", "08123456789", "1234567890123456789012"]
)
def test_other_numbers_stay(text: str) -> None:
    assert without_personal_numbers(text) == text

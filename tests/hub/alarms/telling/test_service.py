"""Who is told of an alarm that nobody acknowledged, when, and in which words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hub.alarms.handling.service import acknowledge, shelve
from hub.alarms.kinds import Severity
from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.service import clear_alarm
from hub.alarms.settings import Escalation
from hub.alarms.steps import Step
from hub.alarms.telling.service import Teller, nobody_said
from hub.notify.models import NotifyAddress, OutboxMessage, QuietHours
from hub.people.models import RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.people.service import find_account
from tests.hub.alarms.conftest import Sayings
from tests.hub.screens import START, Screens

ZONE = ZoneInfo("Asia/Pontianak")


@pytest.fixture
def say(city: Screens) -> Sayings:
    return Sayings(city.database)


@pytest.fixture
def teller(city: Screens) -> Teller:
    return Teller(database=city.database, waits=Escalation(), zone=ZONE, now=city.clock)


def person(
    city: Screens,
    name: str,
    role: Role,
    *,
    least: Severity = Severity.LOW,
    scope: tuple[ScopeKind, str] | None = None,
) -> int:
    """Make an account with an address."""
    city.account(*(() if scope else (role,)), name=name)
    with city.database.writing() as db:
        account = find_account(db, name)
        assert account is not None
        if scope:
            db.add(
                RoleGrant(
                    account_id=account.id, role=role, scope_kind=scope[0], scope_id=scope[1], valid_from=START
                )
            )
        db.add(
            NotifyAddress(
                account_id=account.id,
                channel="email",
                address=f"{name}@pontianak.go.id",
                least=least,
                added_at=START,
            )
        )
        return account.id


def told(city: Screens) -> list[str]:
    with city.database.reading() as db:
        rows = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [row.address.partition("@")[0] for row in rows]


def pass_by(city: Screens, teller: Teller, **span: float) -> list[str]:
    before = len(told(city))
    city.clock.advance(**span)
    teller()
    return told(city)[before:]


def test_more_people_are_told_the_longer_nobody_acknowledges(
    city: Screens, say: Sayings, teller: Teller
) -> None:
    for name, role in (("oki", Role.OPERATOR), ("siti", Role.SUPERVISOR), ("ani", Role.ADMIN)):
        person(city, name, role)
    say.dark("jawi", severity=Severity.CRITICAL)
    assert pass_by(city, teller, seconds=29) == []
    assert pass_by(city, teller, seconds=1) == ["oki"]
    assert pass_by(city, teller, seconds=179) == []
    assert pass_by(city, teller, seconds=1) == ["siti"]
    assert pass_by(city, teller, minutes=3) == ["ani"]
    assert pass_by(city, teller, hours=9) == []
    with city.database.reading() as db:
        steps = db.scalars(select(AlarmStep.what).order_by(AlarmStep.id)).all()
    assert steps == [Step.RAISED, Step.TOLD, Step.ESCALATED, Step.ESCALATED]


@pytest.mark.parametrize("hours", [0, 48])
@pytest.mark.parametrize("is_storm", [False, True])
def test_what_comes_back_after_long_is_told_again_and_what_flaps_is_not(
    city: Screens, say: Sayings, teller: Teller, hours: int, is_storm: bool
) -> None:
    person(city, "oki", Role.OPERATOR)
    keys = [f"outage:{number}" for number in range(6 if is_storm else 1)]

    def all_dark() -> None:
        for number, key in enumerate(keys):
            say.dark("jawi", key=key, at=city.clock(), severity=Severity.CRITICAL)
            say.change(number + 1, lambda alarm: setattr(alarm, "site", None))

    all_dark()
    assert pass_by(city, teller, minutes=1) == ["oki"]
    with city.database.writing() as db:
        for key in keys:
            clear_alarm(db, key=key, now=city.clock())
    # Away for long: who was told is told that it is gone.
    assert pass_by(city, teller, minutes=1, hours=hours) == (["oki"] if hours else [])
    all_dark()
    assert pass_by(city, teller, minutes=1) == (["oki"] if hours else [])


def test_who_was_told_is_told_once_that_it_stayed_away(city: Screens, say: Sayings, teller: Teller) -> None:
    for name, role in (("oki", Role.OPERATOR), ("siti", Role.SUPERVISOR), ("ani", Role.ADMIN)):
        person(city, name, role)
    say.dark("jawi", severity=Severity.CRITICAL)
    pass_by(city, teller, minutes=1)
    pass_by(city, teller, minutes=4)
    say.gone("jawi", at=city.clock())
    assert pass_by(city, teller, minutes=15) == []
    assert sorted(pass_by(city, teller, seconds=1)) == ["oki", "siti"]
    assert pass_by(city, teller, hours=1) == []
    with city.database.reading() as db:
        *_, last = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    assert last.subject == "[Pontive] PULIH: Titik Jawi padam (listrik): 3 kamera"
    assert last.text.splitlines()[2:] == [
        "Berlangsung: Sab 21 Nov 2026 10.14 WIB sampai Sab 21 Nov 2026 10.19 WIB",
        "Belum ada yang menyatakan mengetahui alarm ini.",
    ]
    # The next time is another one, for those who are told then.
    say.dark("jawi", at=city.clock(), severity=Severity.CRITICAL)
    assert pass_by(city, teller, minutes=1) == ["oki"]
    with city.database.writing() as db:
        acknowledge(db, [db.get_one(Alarm, 1)], actor="oki", note="", now=city.clock())
    say.gone("jawi", at=city.clock())
    assert pass_by(city, teller, minutes=16) == ["oki"]


def test_an_end_of_which_nobody_was_told_is_no_news(city: Screens, say: Sayings, teller: Teller) -> None:
    person(city, "oki", Role.OPERATOR)
    say.dark("jawi")
    say.gone("jawi")
    assert pass_by(city, teller, hours=1) == []


@pytest.mark.parametrize("ending", ["acknowledged", "cleared", "shelved"])
def test_nobody_is_told_of_what_is_known_gone_or_shelved(
    city: Screens, say: Sayings, teller: Teller, ending: str
) -> None:
    person(city, "oki", Role.OPERATOR)
    say.dark("jawi")
    if ending == "cleared":
        say.gone("jawi")
    with city.database.writing() as db:
        alarm = db.get_one(Alarm, 1)
        if ending == "acknowledged":
            acknowledge(db, [alarm], actor="oki", note="", now=START)
        if ending == "shelved":
            shelve(db, alarm, hours=8, why="kerja jalan", actor="oki", now=START)
    assert pass_by(city, teller, hours=1) == []


def test_when_the_shelf_ends_people_are_told(city: Screens, say: Sayings, teller: Teller) -> None:
    person(city, "oki", Role.OPERATOR)
    say.dark("jawi")
    with city.database.writing() as db:
        shelve(db, db.get_one(Alarm, 1), hours=1, why="kerja jalan", actor="oki", now=START)
    assert pass_by(city, teller, hours=1) == ["oki"]
    assert say.all()[0].shelved_until is None


def test_only_those_are_told_whose_place_it_is(city: Screens, say: Sayings, teller: Teller) -> None:
    person(city, "jauh", Role.TECHNICIAN, scope=(ScopeKind.SITE, "tugu"))
    person(city, "dekat", Role.TECHNICIAN, scope=(ScopeKind.SITE, "jawi"))
    say.dark("jawi")
    assert pass_by(city, teller, minutes=1) == ["dekat"]


def test_whom_it_was_given_to_is_told_whatever_the_role(city: Screens, say: Sayings, teller: Teller) -> None:
    number = person(city, "siti", Role.SUPERVISOR)
    say.dark("jawi")
    say.change(1, lambda alarm: setattr(alarm, "assigned_to", number))
    assert pass_by(city, teller, minutes=1) == ["siti"]


def test_who_is_on_duty_is_told_first_and_all_when_nobody_is(city: Screens, say: Sayings) -> None:
    number = person(city, "oki", Role.OPERATOR)
    person(city, "ani", Role.OPERATOR)
    duty = [frozenset({number})]
    teller = Teller(
        database=city.database,
        waits=Escalation(),
        zone=ZONE,
        now=city.clock,
        on_duty=lambda _db, _now: duty[0],
    )
    say.dark("jawi")
    assert pass_by(city, teller, minutes=1) == ["oki"]
    duty[0] = nobody_said(None, START)  # type: ignore[arg-type]  # it looks at nothing
    say.dark("tugu", at=city.clock())
    assert sorted(pass_by(city, teller, minutes=1)) == ["ani", "oki"]


def test_what_is_less_grave_than_wanted_is_not_sent(city: Screens, say: Sayings, teller: Teller) -> None:
    person(city, "oki", Role.OPERATOR, least=Severity.HIGH)
    say.dark("jawi", severity=Severity.MEDIUM)
    assert pass_by(city, teller, minutes=1) == []
    say.dark("tugu", severity=Severity.HIGH, at=city.clock())
    assert pass_by(city, teller, minutes=1) == ["oki"]


def test_quiet_hours_hold_back_what_can_wait(city: Screens, say: Sayings, teller: Teller) -> None:
    from datetime import time

    number = person(city, "oki", Role.OPERATOR)
    with city.database.writing() as db:
        db.add(QuietHours(account_id=number, begins=time(9, 0), ends=time(12, 0)))
    say.dark("jawi", severity=Severity.MEDIUM)
    say.dark("tugu", severity=Severity.CRITICAL)
    pass_by(city, teller, minutes=1)
    with city.database.reading() as db:
        waits = {row.subject: row.next_at for row in db.scalars(select(OutboxMessage))}
    (later,) = [at for subject, at in waits.items() if "SEDANG" in subject]
    (now,) = [at for subject, at in waits.items() if "KRITIS" in subject]
    assert later.astimezone(ZONE).strftime("%H.%M") == "12.00"
    assert now == city.clock()


def test_a_storm_is_told_once(city: Screens, say: Sayings, teller: Teller) -> None:
    person(city, "oki", Role.OPERATOR)
    for number in range(7):
        say.dark("jawi", key=f"outage:{number}")
        say.change(number + 1, lambda alarm: setattr(alarm, "site", None))
    storms = [one for one in say.all() if one.kind == "outage-many"]
    assert len(storms) == 1
    assert pass_by(city, teller, minutes=1) == ["oki"]


def test_the_words_say_what_where_and_since(city: Screens, say: Sayings, teller: Teller) -> None:
    person(city, "oki", Role.OPERATOR)
    person(city, "siti", Role.SUPERVISOR)
    say.dark("jawi", severity=Severity.CRITICAL)
    say.gone("jawi", at=START + timedelta(seconds=5))
    say.dark("jawi", at=START + timedelta(seconds=9), severity=Severity.CRITICAL)
    pass_by(city, teller, minutes=1)
    pass_by(city, teller, minutes=5)
    with city.database.reading() as db:
        first, second = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    assert first.subject == "[Pontive] KRITIS: Titik Jawi padam (listrik): 3 kamera"
    assert first.text.splitlines() == [
        "Titik Jawi padam (listrik): 3 kamera",
        "Titik: Simpang Empat Sungai Jawi",
        "Sejak: Sab 21 Nov 2026 10.14 WIB",
        "Muncul 2 kali",
    ]
    assert first.link == "/alarm/1"
    assert "Belum ada yang menyatakan mengetahui" in second.text

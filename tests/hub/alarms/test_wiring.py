"""The chores of ingest run, and the web process notices an ingest that stands still."""

from sqlalchemy import select

from hub.alarms.kinds import AlarmKind
from hub.alarms.models import Alarm
from hub.alarms.wiring import IngestWatchdog, alarm_chores
from hub.notify.models import NotifyAddress, OutboxMessage
from hub.people.permissions import Role
from hub.people.service import find_account
from tests.hub.screens import Screens


def test_every_chore_runs_on_a_city(city: Screens) -> None:
    chores = alarm_chores(city.app.extensions["pontive"].config, city.database)
    for chore in chores:
        assert not chore.act()
        if hasattr(chore.act, "wait"):
            chore.act.wait()
    assert len({chore.name for chore in chores}) == len(chores)


def test_an_ingest_that_stands_still_is_told_by_the_web_process(city: Screens) -> None:
    city.account(Role.OPERATOR, name="oki")
    with city.database.writing() as db:
        account = find_account(db, "oki")
        assert account is not None
        db.add(
            NotifyAddress(
                account_id=account.id,
                channel="email",
                address="oki@pontianak.go.id",
                least="low",
                added_at=city.clock(),
            )
        )
    watchdog = IngestWatchdog(city.app.extensions["pontive"].config, city.database, now=city.clock)
    city.city.beat(city.clock())
    watchdog.look()
    assert alarms(city) == []
    city.clock.advance(minutes=2)
    watchdog.look()
    city.clock.advance(minutes=1)
    watchdog.look()
    (alarm,) = alarms(city)
    assert (alarm.kind, alarm.is_active) == (AlarmKind.HUB_INGEST, True)
    with city.database.reading() as db:
        assert "Penerimaan data berhenti" in db.scalars(select(OutboxMessage)).one().subject
    city.city.beat(city.clock())
    watchdog.look()
    assert not alarms(city)[0].is_active


def test_the_watchdog_survives_a_look_that_fails(city: Screens) -> None:
    watchdog = IngestWatchdog(city.app.extensions["pontive"].config, city.database, now=city.clock)
    looks = []

    def look() -> None:
        looks.append(1)
        if len(looks) == 2:
            watchdog.stop()
        raise RuntimeError("aduh")

    watchdog.look = look  # type: ignore[method-assign]  # what a look does is tested above
    watchdog.every_s = 0.01
    watchdog.start()
    watchdog.wait()
    assert len(looks) == 2


def alarms(city: Screens) -> list[Alarm]:
    with city.database.reading() as db:
        return list(db.scalars(select(Alarm)))

"""What people do: kept in history and audit, and refused where it makes no sense."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.alarms.handling import service
from hub.alarms.models import Alarm, AlarmStep
from hub.errors import InputError
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from tests.hub.alarms.conftest import Sayings
from tests.hub.screens import START, Screens


@pytest.fixture
def say(city: Screens) -> Sayings:
    return Sayings(city.database)


def audited(say: Sayings) -> list[tuple[str, str, str, str]]:
    with say.database.reading() as db:
        rows = db.scalars(select(AuditEntry).where(AuditEntry.action.startswith("alarm.")))
        return [(row.actor, row.action, row.object, row.detail) for row in rows]


def test_acknowledging_is_noted_once_with_its_note(say: Sayings) -> None:
    say.dark("jawi")
    with say.database.writing() as db:
        alarm = db.get_one(Alarm, 1)
        assert service.acknowledge(db, [alarm], actor="oki", note="PLN dihubungi", now=START) == 1
        assert service.acknowledge(db, [alarm], actor="ani", note="", now=START) == 0
        assert (alarm.acknowledged_by, alarm.open_key) == ("oki", "outage:jawi")
        (step,) = db.scalars(select(AlarmStep).where(AlarmStep.what == "acknowledged"))
        assert (step.actor, step.note) == ("oki", "PLN dihubungi")
    assert audited(say) == [("oki", "alarm.acknowledge", "alarm:1", "")]


def test_acknowledging_what_is_gone_closes_it(say: Sayings) -> None:
    say.dark("jawi")
    say.gone("jawi")
    with say.database.writing() as db:
        service.acknowledge(db, [db.get_one(Alarm, 1)], actor="oki", note="", now=START)
    assert say.all()[0].open_key is None


def test_acknowledging_a_storm_acknowledges_all_that_is_folded_under_it(say: Sayings) -> None:
    for number in range(5):
        say.dark("jawi" if number else "tugu", key=f"outage:{number}")
    for number, place in enumerate(("a", "b", "c", "d", "e")):
        say.change(number + 1, lambda alarm, place=place: setattr(alarm, "site", None))  # type: ignore[misc]  # bound at once
    say.dark("balai")
    storm = next(one for one in say.all() if one.kind == "outage-many")
    with say.database.writing() as db:
        assert service.acknowledge(db, [db.get_one(Alarm, storm.id)], actor="oki", note="", now=START) == 1
    assert all(one.is_acknowledged for one in say.all())
    assert len(audited(say)) == 1


def test_an_alarm_is_given_to_somebody_who_handles_alarms(city: Screens, say: Sayings) -> None:
    city.account(Role.TECHNICIAN, name="budi")
    city.account(Role.EMPLOYEE, name="cici")
    say.dark("jawi")
    with say.database.writing() as db:
        people = {name: number for number, name, _shown in service.people_who_handle(db, START)}
        assert set(people) == {"budi"}
        alarm = db.get_one(Alarm, 1)
        service.assign(db, alarm, to=people["budi"], actor="oki", now=START)
        assert alarm.assigned_to == people["budi"]
        with pytest.raises(InputError, match="pilih dari daftar"):
            service.assign(db, alarm, to=999, actor="oki", now=START)
        service.assign(db, alarm, to=None, actor="oki", now=START)
        assert alarm.assigned_to is None
    assert [row[3] for row in audited(say)] == ["to=budi", "to=-"]


def test_shelving_needs_a_reason_and_an_end(say: Sayings) -> None:
    say.dark("jawi")
    with say.database.writing() as db:
        alarm = db.get_one(Alarm, 1)
        with pytest.raises(InputError, match="alasan"):
            service.shelve(db, alarm, hours=8, why="  a ", actor="oki", now=START)
        with pytest.raises(InputError, match="lama penundaan"):
            service.shelve(db, alarm, hours=9999, why="kerja jalan", actor="oki", now=START)
        service.shelve(db, alarm, hours=8, why="kerja jalan", actor="oki", now=START)
        assert alarm.shelved_until == START + timedelta(hours=8)
        service.unshelve(db, alarm, actor="oki", now=START)
        service.unshelve(db, alarm, actor="oki", now=START)
        assert (alarm.shelved_until, alarm.shelved_why) == (None, "")
    assert [row[1] for row in audited(say)] == ["alarm.shelve", "alarm.unshelve"]


def test_a_comment_has_words_and_an_end(say: Sayings) -> None:
    say.dark("jawi")
    with say.database.writing() as db:
        alarm = db.get_one(Alarm, 1)
        for text in ("  ", "a" * (service.MAX_NOTE + 1)):
            with pytest.raises(InputError, match="catatan"):
                service.comment(db, alarm, text=text, actor="oki", now=START)
        service.comment(db, alarm, text=" teknisi berangkat ", actor="oki", now=START)
        step = db.scalars(select(AlarmStep).order_by(AlarmStep.id.desc()).limit(1)).one()
        assert (step.what, step.note) == ("commented", "teknisi berangkat")

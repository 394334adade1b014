"""Rounds of looks at addresses: what is due, what is kept, and which alarms come of it and go."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from hub.alarms.kinds import AlarmKind
from hub.alarms.models import Alarm
from hub.alarms.watching.conditions import Keeper
from hub.alarms.words import indonesian_sentence
from hub.db import Database
from hub.outside.looking import Look, Standing, WebsiteLooker
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.service import Given, keep_row
from hub.registers.market.chores import market_chores
from hub.registers.probing.chores import Prober, probe_chores
from hub.registers.probing.conditions import address_conditions
from hub.registers.probing.models import RegisterProbe
from hub.registers.probing.service import Due, ask_soon, due_rows, keep_look, probe_of
from tests.hub.registers.conftest import actor, add_application
from tests.hub.screens import START

GOOD, SILENT = Look(Standing.REACHABLE, "menjawab 200"), Look(Standing.UNREACHABLE, "tidak tersambung: diam")


def test_a_round_looks_at_what_is_due_and_keeps_since_when_it_is_so(database: Database) -> None:
    first = add_application(database, "Satu", alamat="http://satu.example/")
    add_application(database, "Tanpa alamat")
    looks = iter([Look(Standing.REACHABLE, "menjawab 200"), Look(Standing.UNREACHABLE, "diam")])

    class Replay(WebsiteLooker):
        def look(self, address: str) -> Look:
            assert address == "http://satu.example/"
            return next(looks)

    now = [START]
    prober = Prober(database=database, looker=Replay(), now=lambda: now[0])
    assert [prober(), prober()] == [1, 0]
    now[0] += timedelta(hours=24)
    assert prober() == 1
    with database.writing() as db:
        probe = probe_of(db, first)
        assert probe is not None
        assert (probe.standing, probe.since) == ("unreachable", now[0])
        keep_look(db, Due(first, probe.url), Look(Standing.UNREACHABLE, "diam"), now[0] + timedelta(hours=1))
        assert probe.since == now[0], "still so"
        ask_soon(db, first)
        ask_soon(db, 999)
        assert [one.row_id for one in due_rows(db, now[0] + timedelta(hours=1))] == [first]
        assert db.get(RegisterProbe, 999) is None


def test_the_chores_of_registers_run_on_an_empty_hub(database: Database) -> None:
    for chore in (
        *probe_chores(database, lambda: datetime.now(UTC)),
        *market_chores(database, lambda: START),
    ):
        chore.act()
        wait = getattr(chore.act, "wait", None)
        if wait is not None:
            wait()


class City:
    """Addresses that answer as they are told, looked at and watched minute by minute."""

    def __init__(self, database: Database) -> None:
        self.database, self.now, self.answers = database, START, dict[str, Look]()
        self._prober = Prober(database=database, looker=_Replay(self.answers), now=lambda: self.now)
        self._keeper = Keeper(database=database, sources=(address_conditions,), now=lambda: self.now)

    def after(self, minutes: int) -> list[str]:
        """Let time go by; return the sentences of the alarms that stand then."""
        step = 5 if minutes > 15 else 1
        for _ in range(0, minutes, step):
            self.now += timedelta(minutes=step)
            self._prober()
            self._keeper()
        with self.database.reading() as db:
            standing = db.scalars(select(Alarm).where(Alarm.cleared_at.is_(None)).order_by(Alarm.key))
            return [indonesian_sentence(AlarmKind(one.kind), json.loads(one.facts)) for one in standing]


class _Replay(WebsiteLooker):
    def __init__(self, answers: Mapping[str, Look]) -> None:
        super().__init__()
        self._answers = answers

    def look(self, address: str) -> Look:
        return self._answers[address]


@pytest.fixture
def watched(database: Database) -> City:
    city = City(database)
    for name in ("Satu", "Dua", "Tiga"):
        add_application(database, name, alamat=f"https://{name}.contoh.id/")
        city.answers[f"https://{name}.contoh.id/"] = GOOD
    add_application(database, "Lama", alamat="https://lama.contoh.id/", status="tidak-aktif")
    return city


def test_an_address_that_is_down_is_an_alarm_until_it_answers_again(watched: City) -> None:
    assert watched.after(61) == []
    watched.answers["https://Dua.contoh.id/"] = Look(Standing.FAILING, "menjawab 503", 503)
    assert watched.after(61) == [], "down once is looked at again before anybody is told"
    assert watched.after(12) == ["Dua tidak terjangkau: menjawab 503"]
    watched.answers["https://Dua.contoh.id/"] = GOOD
    assert watched.after(11) == []
    with watched.database.reading() as db:
        assert db.scalars(select(Alarm)).one().link.startswith("/register/aplikasi/")


def test_what_was_taken_out_of_use_or_moved_is_no_longer_down(watched: City) -> None:
    watched.answers |= dict.fromkeys(("https://Satu.contoh.id/", "https://Dua.contoh.id/"), SILENT)
    assert len(watched.after(12)) == 2
    with watched.database.writing() as db:
        one, other = (db.get_one(RegisterRow, number) for number in (1, 2))
        for row, field, value in ((one, "status", "digabung"), (other, "alamat", "https://baru.contoh.id/")):
            given = Given(values={**row.values, field: value}, source=row.source, quality=row.quality)
            keep_row(db, row, given, actor(), version=1)
    watched.answers["https://baru.contoh.id/"] = GOOD
    assert watched.after(1) == []


def test_a_hub_that_is_cut_off_says_that_once_and_blames_no_site(watched: City) -> None:
    watched.answers["https://Tiga.contoh.id/"] = SILENT
    assert watched.after(12) == ["Tiga tidak terjangkau: tidak tersambung: diam"]
    watched.answers |= dict.fromkeys(watched.answers, SILENT)
    cut_off = "Tidak satu pun dari 3 alamat menjawab; periksa internet hub"
    assert watched.after(75) == ["Tiga tidak terjangkau: tidak tersambung: diam", cut_off]
    watched.answers |= dict.fromkeys(watched.answers, GOOD)
    assert watched.after(61) == []


def test_a_certificate_about_to_end_is_said_in_time_and_graver_at_the_end(watched: City) -> None:
    def until(days: int) -> Look:
        return replace(GOOD, certificate_until=watched.now.date() + timedelta(days=days))

    watched.answers["https://Satu.contoh.id/"] = until(22)
    assert watched.after(1) == []
    watched.answers["https://Satu.contoh.id/"] = until(20)
    said = watched.after(60)
    assert said == ["Sertifikat Satu berakhir Jum 11 Des 2026; perbarui"]
    watched.answers["https://Satu.contoh.id/"] = until(2)
    watched.after(60)
    with watched.database.reading() as db:
        assert [one.severity for one in db.scalars(select(Alarm))] == ["medium"]
    watched.answers["https://Satu.contoh.id/"] = until(90)
    assert watched.after(60) == []

"""A key that was stolen: what the archive had before stays good, everything else is refused with a reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.wire.papers.seal import read_seal, seal_letter
from edge.wire.papers.trust import LetterStanding, judge
from hub.cases.letters.issuing.commands import end_key_command
from hub.cases.letters.issuing.keys import end_key, last_change, trust_of
from hub.cases.letters.models import LetterDocument
from hub.cases.machine.rules import Refused
from hub.config import HubConfig
from hub.db import Database
from hub.errors import InputError
from hub.people import audit
from tests.hub.cases.letters.conftest import LetterOffice
from tests.hub.cases.letters.samples import KEY

REASON = "Kunci hub dicuri dari peladen"


@contextmanager
def ready(letters: LetterOffice, _path: Path) -> Iterator[tuple[HubConfig, Database]]:
    yield HubConfig(), letters.database


def end(letters: LetterOffice, *, since: datetime) -> None:
    with letters.writing() as db:
        end_key(db, 1, since=since, actor="admin", reason=REASON, now=letters.now)


def at_the_page(letters: LetterOffice, seal: str) -> LetterStanding:
    return letters.check(lambda one: one.text(seal)).standing


def at_a_door(letters: LetterOffice, seal: str) -> LetterStanding:
    today = letters.now.date()
    with letters.database.reading() as db:
        trust = trust_of(db, addresses=letters.addresses, today=today, now=letters.now, is_offline=True)
    return judge(seal, trust, today=today).standing


def forged(document: LetterDocument) -> str:
    claim = replace(read_seal(document.seal).claim, holder="PEN** CUR**", last_day=None)
    return seal_letter(KEY, claim, address="HTTPS://PONTIVE.PONTIANAK.GO.ID/V/")


def test_letters_of_before_stay_good_and_what_the_thief_seals_is_refused(letters: LetterOffice) -> None:
    before = letters.issued()
    letters.now += timedelta(days=2)
    stolen_at = letters.now
    letters.now += timedelta(hours=1)
    between = letters.issued()
    with letters.database.reading() as db:
        told = last_change(db)
    end(letters, since=stolen_at)
    with letters.database.reading() as db:
        assert last_change(db) != told, "doors hear of it at once"
        assert audit.first_broken(db) is None
    for ask in (at_the_page, at_a_door):
        assert ask(letters, before.seal) is LetterStanding.GENUINE
        assert ask(letters, between.seal) is LetterStanding.DISTRUSTED
        assert ask(letters, forged(before)) is LetterStanding.DISTRUSTED
    assert letters.check(lambda one: one.code(between.code)).standing is LetterStanding.DISTRUSTED


def test_nothing_is_sealed_with_it_any_more_until_there_is_another(letters: LetterOffice) -> None:
    letters.issued()
    end(letters, since=letters.now)
    case, lurah = letters.ready(), letters.lurah()
    refused = letters.sign(case.number, lurah)
    assert isinstance(refused, Refused)
    assert "Kunci segel hub ini dicabut" in refused.faults[0].text
    letters.key = Ed25519PrivateKey.from_private_bytes(bytes(range(9, 41)))
    letters.sign(case.number, lurah)
    assert at_the_page(letters, letters.document(case.number).seal) is LetterStanding.GENUINE


def test_a_key_ends_once_with_a_reason_and_not_in_the_future(letters: LetterOffice) -> None:
    letters.issued()
    for number, since, reason in (
        (7, letters.now, REASON),
        (1, letters.now + timedelta(days=1), REASON),
        (1, letters.now, "hilang"),
    ):
        with letters.writing() as db, pytest.raises(InputError):
            end_key(db, number, since=since, actor="admin", reason=reason, now=letters.now)
    end(letters, since=letters.now)
    with pytest.raises(InputError, match="sudah dicabut"):
        end(letters, since=letters.now)


def test_the_command_says_what_it_did_or_why_not(letters: LetterOffice) -> None:
    letters.issued()
    command = end_key_command(partial(ready, letters), now=lambda: letters.now)
    said = CliRunner().invoke(command, ["1", "--since", "2026-11-20", "--reason", REASON])
    assert said.exit_code == 0, said.output
    assert "2026-11-20 00:00 UTC" in said.output
    with letters.database.reading() as db:
        (ended,) = trust_of(db, addresses=(), today=letters.now.date(), now=letters.now).ended
        assert ended.ended_at == datetime(2026, 11, 20, tzinfo=UTC)
    again = CliRunner().invoke(command, ["1", "--reason", REASON])
    assert again.exit_code == 1
    assert "sudah dicabut" in again.output

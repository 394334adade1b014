"""The command line of the hub, as a person or a program uses it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from hub.cli import main
from hub.db import Database
from hub.people.models import Account, AuditEntry
from tests.browser.sample import INVENTORY

Run = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "hub.toml"
    path.write_text("")
    return path


@pytest.fixture
def run(config: Path) -> Run:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--config", str(config)])

    return run


@pytest.fixture
def hub(run: Run) -> Run:
    assert run("migrate").exit_code == 0
    return run


def database_of(config: Path) -> Database:
    return Database(f"sqlite:///{config.parent}/hub.db")


@pytest.mark.parametrize(
    "command", [["web"], ["ingest"], ["run"], ["status"], ["user", "first"], ["audit", "verify"]]
)
def test_without_tables_every_command_names_the_remedy(run: Run, command: list[str]) -> None:
    answer = run(*command)
    assert answer.exit_code == 1
    assert "pontive-hub migrate --config" in answer.output


def test_a_configuration_that_is_wrong_is_named(run: Run, config: Path) -> None:
    config.write_text("[web]\nport = 'x'\n")
    for command in ("check-config", "show-config", "migrate", "web"):
        answer = run(command)
        assert answer.exit_code == 1
        assert "web.port" in answer.output
    config.write_text("")
    assert run("check-config").exit_code == 0


def test_the_effective_configuration_is_shown_without_passwords(run: Run, config: Path) -> None:
    config.write_text('database = "postgresql://pontive:rahasia@db/pontive"\n')
    answer = run("show-config")
    assert "rahasia" not in answer.output
    assert "pontive:***@db/pontive" in answer.output
    assert json.loads(answer.output)["web"]["port"] == 8080
    config.write_text('database = "postgresql://pontive@db/pontive"\n')
    assert "pontive@db/pontive" in run("show-config").output


def test_the_first_account_is_made_once(hub: Run) -> None:
    first = json.loads(hub("user", "first", "--json").output)
    assert first["name"] == "admin"
    assert len(first["password"]) >= 20
    assert json.loads(hub("user", "first", "--json").output)["password"] is None
    assert "There is an administrator already" in hub("user", "first").output


def test_officers_of_examples_leave_the_first_administrator_to_be_made(hub: Run) -> None:
    assert hub("user", "add", "lurah.bml", "--role", "lurah").exit_code == 0
    assert json.loads(hub("user", "first", "--json").output)["password"]


def test_an_account_is_made_and_given_a_new_password(hub: Run) -> None:
    made = hub("user", "add", "siti", "--role", "operator", "--display-name", "Siti")
    assert made.exit_code == 0
    for command in ("password", "reset"):
        renewed = hub("user", command, "siti")
        assert renewed.exit_code == 0
        assert renewed.output != made.output
    assert hub("user", "add", "siti", "--role", "operator").exit_code == 1
    assert hub("user", "password", "budi").exit_code == 1
    assert "no second step" in hub("user", "reset-second-step", "siti").output
    assert hub("user", "reset-second-step", "budi").exit_code == 1
    assert hub("user", "add", "budi", "--role", "raja").exit_code == 2


def test_places_are_loaded_or_only_looked_at(hub: Run, tmp_path: Path) -> None:
    file = tmp_path / "places.json"
    file.write_text(json.dumps(INVENTORY))
    assert "Would be: 16 added" in hub("places", "load", str(file), "--dry-run").output
    assert "Done: 16 added" in hub("places", "load", str(file)).output
    assert "0 added, 0 changed, 16 the same" in hub("places", "load", str(file)).output
    file.write_text('{"sites": [{"id": "x", "name": "X", "kelurahan": "?", "lat": 9, "lon": 109.3}]}')
    wrong = hub("places", "load", str(file))
    assert wrong.exit_code == 1
    assert "sites[0] (x).kelurahan" in wrong.output
    assert "sites[0] (x).lat" in wrong.output


def test_people_are_loaded(hub: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    file.write_text('{"persons": [{"number": 1, "short_name": "Siti"}]}')
    assert hub("people", "load", str(file)).output == "1 persons\n"
    file.write_text('{"persons": [{"number": 1}]}')
    assert hub("people", "load", str(file)).exit_code == 1


def test_status_is_for_programs_and_people(hub: Run, tmp_path: Path) -> None:
    (tmp_path / "places.json").write_text(json.dumps(INVENTORY))
    hub("places", "load", str(tmp_path / "places.json"))
    state = json.loads(hub("status", "--json").output)
    assert state["devices"] == {"pi-balai": False, "pi-jawi": False, "pi-tugu": False}
    assert state["sources"]["pi-balai/pintu"] is False
    assert (state["records"], state["dead_letters"]) == (0, 0)
    assert "offline pi-jawi" in hub("status").output


def test_acts_on_the_command_line_are_in_the_audit_chain(hub: Run, config: Path) -> None:
    hub("user", "first")
    hub("user", "add", "siti", "--role", "operator")
    assert hub("audit", "verify").output == "The chain is whole.\n"
    database = database_of(config)
    with database.writing() as db:
        assert db.scalars(select(AuditEntry.actor)).all() == ["pontive-hub"] * 2
        db.execute(update(AuditEntry).where(AuditEntry.seq == 1).values(object="account:lain"))
    database.close()
    broken = hub("audit", "verify")
    assert broken.exit_code == 1
    assert "broken at entry 1" in broken.output


def test_the_password_is_nowhere_but_on_the_screen(hub: Run, config: Path) -> None:
    password = json.loads(hub("user", "first", "--json").output)["password"]
    database = database_of(config)
    with database.reading() as db:
        kept = db.scalars(select(Account.password_hash)).one()
    database.close()
    assert kept.startswith("$argon2id$")
    assert password.encode() not in b"".join(path.read_bytes() for path in config.parent.iterdir())


def test_a_worker_beyond_the_number_of_workers_is_refused(hub: Run, config: Path) -> None:
    said = hub("ingest", "--worker", "1")
    assert (said.exit_code, said.output) == (
        1,
        "Error: --worker 1: [ingest] workers is 1, so they are 0 to 0\n",
    )


def test_several_workers_are_kept_running_by_one_command(
    hub: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[dict[str, list[str]]] = []
    monkeypatch.setattr("hub.ingest.leading.workers.keep_together", kept.append)
    monkeypatch.setattr("hub.config._needs_a_server", lambda _config: None)
    config.write_text("[ingest]\nworkers = 3\n")
    assert hub("ingest").exit_code == 0
    assert hub("ingest", "--worker", "2", "--worker", "1").exit_code == 0
    assert [list(commands) for commands in kept] == [
        ["ingest-0", "ingest-1", "ingest-2"],
        ["ingest-1", "ingest-2"],
    ]
    command = kept[0]["ingest-2"]
    assert command[command.index("--worker") + 1] == "2"
    assert command[command.index("--keeper") + 1] == str(os.getpid())

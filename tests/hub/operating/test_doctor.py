"""Each thing that the doctor can find is made to happen, for real, and named with what to do."""

import json
import os
import shutil
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import insert, text

from hub.backup.noting import RunKind, Took, note
from hub.cli import main
from hub.config import HubConfig, load_config
from hub.db import Database
from hub.ingest.models import DeadLetter, IngestHealth
from hub.notify.models import OutboxMessage
from hub.notify.service import State as MessageState
from hub.operating.doctor.commands import spoken
from hub.operating.doctor.files import is_open
from hub.operating.doctor.machine import look_at_broker, look_at_disk, look_at_time, look_at_units
from hub.operating.doctor.service import examine, look
from hub.operating.findings import State
from hub.operating.words import CHECK_WORDS, WORDS, Check, Problem
from hub.telemetry.models import TelemetryFeed
from tests.hub.backup.small_hub import make_hub

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

_LOOPBACK = x509.IPAddress(ip_address("127.0.0.1"))


class Hub:
    """A hub with everything in order, to be spoiled."""

    def __init__(self, folder: Path) -> None:
        self.path = make_hub(folder, word="x")
        self.folder = folder
        self.config = load_config(self.path)
        self.database = Database(self.config.database)
        self.make_certificates(days=365)
        for name in ("hub-signing.key", "web.secret"):
            (folder / name).write_bytes(b"k" * 32)
            (folder / name).chmod(0o600)
        self.beat(NOW)
        with self.database.writing() as db:
            for kind in (RunKind.MADE, RunKind.DRILLED):
                note(db, kind, self.path, Took(3, 1.0), actor="test", now=NOW - timedelta(hours=3))

    def make_certificates(self, *, days: float, now: datetime = NOW) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=900))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([_LOOPBACK]), critical=False)
        )
        pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        for each in ("ca.pem", "hub.pem"):
            (self.folder / each).write_bytes(pem)
        (self.folder / "hub.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (self.folder / "hub.key").chmod(0o600)

    def beat(self, at: datetime, *, queue_length: int = 0) -> None:
        row = {"worker": 0, "started_at": NOW - timedelta(days=1), "last_commit_at": at, "records": 7}
        with self.database.writing() as db:
            db.execute(text("DELETE FROM ingest_health"))
            db.execute(insert(IngestHealth), [row | {"queue_length": queue_length}])

    def write(self, model: type, **row: object) -> None:
        with self.database.writing() as db:
            db.execute(insert(model), [row])

    def found(self, config: HubConfig | None = None, now: datetime = NOW) -> dict[Problem, State]:
        return {one.problem: one.state for one in look(config or self.config, self.database, now)}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(tmp_path / "hub")
    yield made
    made.database.close()


def test_a_hub_in_order_asks_for_nothing(hub: Hub) -> None:
    found = look(hub.config, hub.database, NOW)
    bad = [one for one in found if one.state is not State.GOOD and one.problem is not Problem.CLOCK_LOOSE]
    assert bad == []
    assert {one.check for one in found} >= {
        Check.DATABASE,
        Check.INGEST,
        Check.BACKUP,
        Check.KEYS,
        Check.DISK,
    }


def test_ingest_that_never_ran_stands_still_or_falls_behind(hub: Hub) -> None:
    hub.beat(NOW - timedelta(minutes=5))
    (still,) = [one for one in look(hub.config, hub.database, NOW) if one.problem is Problem.INGEST_STILL]
    assert still.since == NOW - timedelta(minutes=5)
    assert "300 seconds" in spoken(still)[0]
    hub.beat(NOW, queue_length=5_000)
    assert hub.found()[Problem.INGEST_BEHIND] is State.WARN
    with hub.database.writing() as db:
        db.execute(text("DELETE FROM ingest_health"))
    assert hub.found()[Problem.INGEST_NEVER] is State.BAD


def test_a_database_that_is_gone_or_of_another_version(hub: Hub) -> None:
    with hub.database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert hub.found()[Problem.DATABASE_OLD] is State.BAD
    hub.database.close()
    Path(hub.folder / "hub.db").write_bytes(b"no database at all" * 500)
    (away,) = [one for one in look(hub.config, hub.database, NOW) if one.check is Check.DATABASE]
    assert away.problem is Problem.DATABASE_AWAY
    assert "not a database" in spoken(away)[0]


def test_dead_letters_messages_and_a_mirror_behind(hub: Hub) -> None:
    letter = {
        "device": "pi-7",
        "topic": "t",
        "digest": "d",
        "reason": "no such kind",
        "raw": b"",
        "size_bytes": 1,
    }
    hub.write(DeadLetter, **letter, times=4, received_at=NOW, last_at=NOW)
    message = {"dedupe": "1", "channel": "email", "address": "a", "subject": "s", "text": "t", "link": ""}
    hub.write(
        OutboxMessage,
        **message,
        state=MessageState.DEAD,
        queued_at=NOW,
        next_at=NOW,
        tries=9,
        error="refused",
    )
    for _ in range(3):
        hub.write(TelemetryFeed, packed=b"")
    mirror = msgspec.structs.replace(hub.config.mirror, url="http://127.0.0.1:1")
    alarms = msgspec.structs.replace(hub.config.alarms, mirror_behind=2)
    found = hub.found(msgspec.structs.replace(hub.config, mirror=mirror, alarms=alarms))
    assert found[Problem.LETTERS_DEAD] is State.WARN
    assert found[Problem.MESSAGES_DEAD] is State.WARN
    assert found[Problem.MIRROR_BEHIND] is State.WARN
    assert Problem.MIRROR_WELL in hub.found(msgspec.structs.replace(hub.config, mirror=mirror))


def test_backups_that_are_old_never_made_or_never_tried_out(hub: Hub) -> None:
    assert hub.found(now=NOW + timedelta(hours=40))[Problem.BACKUP_OLD] is State.BAD
    assert hub.found(now=NOW + timedelta(days=120))[Problem.DRILL_DUE] is State.WARN
    with hub.database.writing() as db:
        db.execute(text("DELETE FROM backup_run"))
    assert hub.found()[Problem.BACKUP_NEVER] is State.WARN


def test_a_clock_that_went_back_and_one_that_follows_nobody(hub: Hub, tmp_path: Path) -> None:
    assert hub.found(now=NOW - timedelta(minutes=1))[Problem.CLOCK_BACK] is State.BAD
    assert list(look_at_time(tmp_path / "no-service")) == []
    (loose,) = look_at_time(tmp_path)
    assert loose.problem is Problem.CLOCK_LOOSE
    (tmp_path / "synchronized").touch()
    assert list(look_at_time(tmp_path)) == []


def test_keys_that_are_missing_or_open_to_others(hub: Hub) -> None:
    (hub.folder / "web.secret").chmod(0o644)
    (hub.folder / "hub-signing.key").unlink()
    found = hub.found()
    assert found[Problem.KEY_OPEN] is State.BAD
    assert found[Problem.KEY_MISSING] is State.BAD
    assert Problem.KEYS_WELL not in found


def test_a_root_key_beside_the_issuing_key_is_a_warning(hub: Hub) -> None:
    assert Problem.ROOT_KEY_HERE not in hub.found()
    root = Path(hub.config.enrolment.folder) / "root"
    root.mkdir(parents=True)
    (root / "root.key").write_text("x")
    assert hub.found()[Problem.ROOT_KEY_HERE] is State.WARN


def test_certificates_that_end_soon_are_over_or_are_none(hub: Hub) -> None:
    for days, problem, state in (
        (20, Problem.CERTIFICATE_ENDING, State.WARN),
        (3, Problem.CERTIFICATE_ENDING, State.BAD),
        (-1, Problem.CERTIFICATE_OVER, State.BAD),
    ):
        hub.make_certificates(days=days)
        assert hub.found()[problem] is state
    (hub.folder / "ca.pem").write_text("no certificate")
    assert hub.found()[Problem.CERTIFICATE_UNREADABLE] is State.BAD


def test_a_disk_that_is_nearly_full(hub: Hub) -> None:
    used = shutil.disk_usage(hub.folder)
    for share, state in (((used.free / used.total + 1) / 2, State.WARN), (0.999999, State.WARN)):
        operating = msgspec.structs.replace(hub.config.operating, disk_free_share=share)
        found = look_at_disk(msgspec.structs.replace(hub.config, operating=operating))
        assert found.problem is Problem.DISK_FULL
        assert found.state in (state, State.BAD)


@contextmanager
def tls_server(folder: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "hub.pem", folder / "hub.key")
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def answer() -> None:
            try:
                connection, _ = listening.accept()
                with context.wrap_socket(connection, server_side=True) as spoken_with:
                    spoken_with.recv(1)
            except OSError:
                return

        thread = threading.Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1]
    thread.join()


def test_a_broker_that_answers_and_one_that_does_not(hub: Hub) -> None:
    broker = hub.config.broker
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    away = look_at_broker(msgspec.structs.replace(broker, port=port))
    assert away.problem is Problem.BROKER_AWAY
    hub.make_certificates(days=365, now=datetime.now(UTC))
    with tls_server(hub.folder) as port:
        assert look_at_broker(msgspec.structs.replace(broker, port=port)).problem is Problem.BROKER_WELL
    (hub.folder / "ca.pem").write_text("no certificate")
    assert look_at_broker(broker).problem is Problem.BROKER_AWAY


def test_units_that_stopped_are_named(tmp_path: Path) -> None:
    def program(*states: tuple[str, str, str]) -> str:
        path = tmp_path / "systemctl"
        parts = [
            f"Id={name}\nLoadState=loaded\nActiveState={active}\nUnitFileState={on}"
            for name, active, on in states
        ]
        path.write_text("#!/bin/sh\ncat <<'END'\n" + "\n\n".join(parts) + "\nEND\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    well = program(("pontive-web.service", "active", "enabled"), ("mosquitto.service", "failed", "disabled"))
    assert [one.problem for one in look_at_units(program=well)] == [Problem.UNITS_WELL]
    broken = program(("pontive-web.service", "failed", "enabled"))
    (found,) = look_at_units(program=broken)
    assert found.facts == {"unit": "pontive-web.service", "state": "failed"}
    assert list(look_at_units(program=str(tmp_path / "nothing"))) == []


def test_the_command_names_troubles_first_and_ends_with_one(hub: Hub, tmp_path: Path) -> None:
    def run(*words: str, code: int) -> str:
        result = CliRunner().invoke(main, ["doctor", *words])
        assert result.exit_code == code, result.output
        return result.output

    told = run("--config", str(hub.path), code=1)
    assert told.startswith("BAD")
    assert "systemctl" in told
    facts = json.loads(run("--config", str(hub.path), "--json", code=1))
    states = [State(one["state"]).rank for one in facts]
    assert states == sorted(states)
    assert all(one["says"] for one in facts)
    (tmp_path / "odd.toml").write_text("nothing = 1\n")
    assert "check-config" in run("--config", str(tmp_path / "odd.toml"), code=1)


def test_every_problem_has_its_words_and_every_trouble_a_remedy() -> None:
    assert set(WORDS) == set(Problem)
    assert set(CHECK_WORDS) == set(Check)
    calm = {one for one in Problem if one.value.endswith(("-well", "-none"))}
    assert {one for one in Problem if not WORDS[one].remedy} == calm
    assert examine(Path(os.devnull), now=NOW)


@pytest.mark.parametrize(
    ("mode", "owner", "expected"),
    [(0o600, 0, False), (0o640, 0, False), (0o644, 0, True), (0o660, 0, True), (0o640, 990, True)],
)
def test_a_key_of_root_may_be_read_by_the_group_of_the_hub(mode: int, owner: int, expected: bool) -> None:
    assert is_open(os.stat_result((stat.S_IFREG | mode, 0, 0, 1, owner, 991, 0, 0, 0, 0))) is expected

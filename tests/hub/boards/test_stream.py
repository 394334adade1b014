"""The live stream of the board, through the real server."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.models import Account, LoginSession, RoleGrant
from hub.people.permissions import Role, ScopeKind
from tests.browser.sample import SampleCity, counts
from tests.hub.web.running import running_server


@dataclass
class Live:
    """A running server and the city behind it."""

    address: str
    database: Database
    city: SampleCity

    def token(self, role: Role = Role.OPERATOR) -> str:
        now = datetime.now(UTC)
        with self.database.writing() as db:
            account = Account(
                name=f"akun{db.query(Account).count()}",
                display_name="",
                password_hash="",
                must_change_password=False,
                created_at=now,
            )
            db.add(account)
            db.flush()
            db.add(RoleGrant(account_id=account.id, role=role, scope_kind=ScopeKind.CITY, valid_from=now))
            return sessions.begin(db, account=account, now=now, address="::1", agent="test")


class Stream:
    """One open stream, read event by event."""

    def __init__(self, live: Live, token: str, language: str = "id") -> None:
        host = urlsplit(live.address)
        self._connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=120)
        headers = {"Cookie": f"pontive={token}", "Accept": "text/event-stream", "Accept-Encoding": "br, gzip"}
        self._connection.request("GET", "/papan/aliran", headers=headers)
        self.answer = self._connection.getresponse()

    def events(self) -> Iterator[tuple[str, Any]]:
        name = ""
        while line := self.answer.readline().decode():
            if line.startswith("event: "):
                name = line.removeprefix("event: ").strip()
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))

    def board(self) -> dict[str, Any]:
        """Return the next message of the board."""
        for name, body in self.events():
            if name == "board":
                return dict(body)
        raise AssertionError("the stream ended")

    def close(self) -> None:
        self.answer.close()
        self._connection.close()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("live")
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    city = SampleCity(database, folder)
    city.fill(datetime.now(UTC))
    with running_server(folder) as address:
        yield Live(address, database, city)
    database.close()


def test_the_first_message_is_the_whole_board_and_then_only_what_changed(live: Live) -> None:
    stream = Stream(live, live.token())
    assert stream.answer.status == 200
    assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
    assert stream.answer.headers["Content-Encoding"] is None
    assert "default-src 'none'" in stream.answer.headers["Content-Security-Policy"]
    first = stream.board()
    assert {tile["id"] for tile in first["tiles"]} == set(first["ids"])
    assert "camera-pi-jawi-utara" in first["ids"]
    live.city.say("pi-jawi", counts("utara", "jalan", 4321, 0), at=datetime.now(UTC))
    while not (changed := {tile["id"]: tile["html"] for tile in stream.board()["tiles"]}):
        pass  # a beat: nothing changed yet
    assert "4.321" in changed["camera-pi-jawi-utara"]
    assert "door-pi-balai-pintu" not in changed or len(changed) < len(first["ids"])
    stream.close()


def test_many_may_watch_at_once(live: Live) -> None:
    token = live.token()
    streams = [Stream(live, token) for _ in range(12)]
    assert all(len(stream.board()["tiles"]) > 5 for stream in streams)
    live.city.say("pi-jawi", counts("utara", "jalan", 777, 0), at=datetime.now(UTC))
    for stream in streams:
        while not any("777" in tile["html"] for tile in stream.board()["tiles"]):
            pass
        stream.close()


def test_a_stranger_gets_no_stream(live: Live) -> None:
    stream = Stream(live, "palsu")
    assert stream.answer.status == 401
    stream.close()


def test_a_stream_ends_with_its_session(live: Live) -> None:
    token = live.token()
    stream = Stream(live, token)
    stream.board()
    with live.database.writing() as db:
        newest = db.scalars(select(LoginSession.id).order_by(LoginSession.id.desc()).limit(1)).one()
        db.execute(update(LoginSession).where(LoginSession.id == newest).values(ended_at=datetime.now(UTC)))
    assert [name for name, _body in stream.events()][-1] == "ended"
    stream.close()

"""Two real web processes on one PostgreSQL, behind a real reverse proxy that sends each request elsewhere."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people.models import LoginSession
from hub.people.permissions import Role
from hub.people.service import add_account
from tests.hub.web.running import ROOT
from tests.mosquitto import free_port

HAPROXY = shutil.which("haproxy", path="/usr/sbin:/usr/bin")
WITHIN_S = 240.0
# Another address of this machine: who asks must be told apart from the proxy.
CALLER = "127.0.0.2"
CHOSEN = "merpati-terbang-9"
pytestmark = pytest.mark.postgres


@dataclass
class Site:
    """The proxy's port, the two processes by the names the proxy has for them, and their database."""

    port: int
    processes: dict[str, subprocess.Popen[bytes]]
    database: Database
    password: str


def _configuration(port: int, servers: dict[str, int]) -> str:
    lines = "".join(
        f"  server {name} 127.0.0.1:{at} check inter 500ms rise 1 fall 1\n" for name, at in servers.items()
    )
    return (
        "defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n"
        "  option redispatch\n  retries 3\n"
        f"frontend people\n  bind 127.0.0.1:{port}\n  default_backend hub\n"
        "backend hub\n  balance roundrobin\n  option httpchk GET /masuk\n"
        "  http-check send hdr Host 127.0.0.1\n  http-check expect status 200\n"
        "  option forwardfor\n  http-response set-header X-Served-By %s\n"
        f"{lines}"
    )


@contextmanager
def _program(command: list[object], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in command], cwd=ROOT, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(240)


@pytest.fixture(scope="module")
def site(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if HAPROXY is None:
        pytest.skip("haproxy is not installed (apt-get install haproxy)")
    tmp_path = tmp_path_factory.mktemp("twoweb")
    with psycopg.connect(f"{postgres_server}/template1", autocommit=True) as admin:
        admin.execute("CREATE DATABASE twoweb")
    database = Database(f"{postgres_server}/twoweb")
    upgrade(database)
    with database.writing() as db:
        made = add_account(
            db, name="siti", display_name="", roles=(Role.ADMIN,), now=datetime.now(UTC), actor="test"
        )
    ports = {"satu": free_port(), "dua": free_port()}
    with ExitStack() as stack:
        processes = {}
        for name, port in ports.items():
            # Two machines that share a folder: only the file differs.
            config = tmp_path / f"{name}.toml"
            config.write_text(
                f'database = "{postgres_server}/twoweb"\n[sign_in]\nsecond_factor = "optional"\n'
                f"[web]\nport = {port}\nthreads = 16\ntrusted_proxies = 1\n"
            )
            command = [sys.executable, "-m", "hub.cli", "web", "--config", config]
            processes[name] = stack.enter_context(_program(command, tmp_path / f"{name}.log"))
        port = free_port()
        (tmp_path / "haproxy.cfg").write_text(_configuration(port, ports))
        stack.enter_context(_program([HAPROXY, "-f", tmp_path / "haproxy.cfg"], tmp_path / "haproxy.log"))
        found = Site(port, processes, database, made.password)
        try:
            _until(lambda: _both_answer(found))
            yield found
        finally:
            database.close()
    with psycopg.connect(f"{postgres_server}/template1", autocommit=True) as admin:
        admin.execute("DROP DATABASE twoweb WITH (FORCE)")


def _both_answer(site: Site) -> bool:
    try:
        return {Person(site).get("/masuk").served_by for _ in range(2)} == set(site.processes)
    except OSError:
        return False  # the proxy does not listen yet


def _until(is_true) -> None:
    deadline_s = time.monotonic() + WITHIN_S
    while not is_true():
        assert time.monotonic() < deadline_s, "it did not become true in time"
        time.sleep(0.2)


@dataclass
class Answer:
    """What came back, and from which of the two."""

    status: int
    text: str
    served_by: str


class Person:
    """A browser without a screen, at another address than the proxy."""

    def __init__(self, site: Site) -> None:
        self._port = site.port
        self._jar = CookieJar()

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self._url(path)))

    def post(self, path: str, page: str, **fields: str) -> Answer:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found
        data = urllib.parse.urlencode({"csrf_token": found[1], **fields}).encode()
        return self._ask(urllib.request.Request(self._url(path), data))

    def sign_in(self, password: str, *, name: str = "siti") -> Answer:
        return self.post("/masuk", "/masuk", name=name, password=password)

    @contextmanager
    def stream(self, path: str) -> Iterator[HTTPResponse]:
        """Open a stream of events."""
        request = urllib.request.Request(self._url(path))
        self._jar.add_cookie_header(request)
        connection = HTTPConnection("127.0.0.1", self._port, timeout=WITHIN_S)
        connection.request("GET", path, headers=dict(request.header_items()))
        try:
            yield connection.getresponse()
        finally:
            connection.sock.close()
            connection.close()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}{path}"

    def _ask(self, request: urllib.request.Request) -> Answer:
        self._jar.add_cookie_header(request)
        connection = HTTPConnection("127.0.0.1", self._port, timeout=120, source_address=(CALLER, 0))
        # Whoever claims to be somebody else is not believed: the proxy's own word is the last one.
        headers = {**dict(request.header_items()), "X-Forwarded-For": "6.6.6.6"}
        if request.data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(request.get_method(), request.selector, request.data, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            self._jar.extract_cookies(answer, request)  # type: ignore[arg-type]  # has the headers it wants
            return Answer(answer.status, text, answer.headers.get("X-Served-By", ""))
        finally:
            connection.close()


def test_it_does_not_matter_which_of_two_processes_answers(site: Site) -> None:
    siti = Person(site)
    assert siti.sign_in(site.password).status == 303, "the form came from one process and went to the other"
    fields = {"current": site.password, "password": CHOSEN, "again": CHOSEN}
    assert siti.post("/sandi", "/sandi", **fields).status == 303
    site.password = CHOSEN
    assert {answer.served_by for answer in (siti.get("/sesi") for _ in range(4))} == {"satu", "dua"}
    assert [siti.get("/alarm").status for _ in range(4)] == [200] * 4

    with site.database.reading() as db:
        assert set(db.scalars(select(LoginSession.address))) == {CALLER}

    with siti.stream("/papan/aliran") as one, siti.stream("/papan/aliran") as other:
        assert {stream.headers["X-Served-By"] for stream in (one, other)} == {"satu", "dua"}
        assert all(stream.readline() for stream in (one, other)), "both say something"
        for stream in (one, other):
            stream.close()

    assert siti.post("/keluar", "/sesi").status == 303
    _until(lambda: [siti.get("/sesi").status for _ in range(2)] == [303, 303])


def test_wrong_passwords_are_counted_together(site: Site) -> None:
    answers = []
    for number in range(6):
        person = Person(site)
        for _ in range(number % 2):
            person.get("/masuk")  # or every form would be answered by the same of the two
        answers.append(person.sign_in(f"salah-{number}", name="orang-lain"))
    assert {answer.served_by for answer in answers} == {"satu", "dua"}
    assert [answer.status for answer in answers] == [401] * 5 + [429]


def test_when_one_process_is_killed_the_other_goes_on(site: Site) -> None:
    siti = Person(site)
    assert siti.sign_in(site.password).status == 303
    os.killpg(site.processes["satu"].pid, signal.SIGKILL)
    _until(lambda: [siti.get("/sandi").served_by for _ in range(4)] == ["dua"] * 4)
    assert siti.get("/sandi").status == 200, "signed in all the same"

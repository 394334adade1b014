"""One device's life in a whole running city: a blank card, its first still, its revocation.

The card is done by ``pontive-edge set-up``, the agent is the real one, broker and hub are the city's.
Nothing has so many seconds to be done in: it is waited for as long as anything goes forward.
"""

import json
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as paho
import psutil
from sqlalchemy import func, select

from hub.config import load_config
from hub.db import Database
from hub.enrolment.models import DeviceCertificate
from hub.ingest.models import DevicePresence, IngestReceipt, Still
from tests.system.conftest import RunningCity

Say = Callable[[str], None]
SITE, DEVICE, CAMERA = "tugu-khatulistiwa", "pi-lapangan", "kamera-1"
# So long without anything new: it hangs.
STUCK_AFTER_S = 600.0


@dataclass(frozen=True, slots=True)
class Life:
    """Seconds on this machine, at the load it had: no emulation, no downloads, no flashing."""

    enrolled_s: float
    """From the card in a device without settings until it has its certificate."""
    live_still_s: float
    """From the same moment until the hub keeps its first still."""
    revoked_broker_s: float
    """From the commit of the revocation until the broker ended its session."""
    revoked_hub_s: float
    """From the same moment until the last record or still that the hub took of it; 0: none came after."""
    revoked_shut_out_s: float
    """From the same moment until the broker lets it in no more with its own certificate."""

    @property
    def revoked_s(self) -> float:
        """Return the slowest of the three."""
        return max(self.revoked_broker_s, self.revoked_hub_s, self.revoked_shut_out_s)


def life_in_a_city(say: Say) -> Life:
    """Let a device of our own live in a city of its own; ``say`` takes where it stands.

    Raises:
        AssertionError: the city ended, or nothing went forward for ``STUCK_AFTER_S``; holds what was said.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        city = RunningCity(folder / "data")
        try:
            say("a city starts")
            await_while_moving(
                lambda: _has_started(city), moves=lambda: _work_of(city), saying=lambda: city.said
            )
            database = Database(load_config(city.folder.hub_config).database)
            try:
                return _Field(city, database, folder / DEVICE, say).life()
            finally:
                database.close()
        finally:
            city.end()


class _Field:
    """Our device, and what the hub knows of it."""

    def __init__(self, city: RunningCity, database: Database, folder: Path, say: Say) -> None:
        self._city, self._database, self._folder, self._say = city, database, folder, say
        self._config = folder / "edge.toml"
        self._log = folder.with_suffix(".log")
        self._agents: list[subprocess.Popen[bytes]] = []

    def life(self) -> Life:
        card = self._make_card()
        self._say("the card is in")
        began_s = time.monotonic()
        self._do_card(card)
        enrolled_s = time.monotonic() - began_s
        self._say(f"enrolled after {enrolled_s:.1f} s")
        with self._agent():
            self._await(self._has_still)
            live_s = time.monotonic() - began_s
            self._say(f"first still after {live_s:.1f} s")
            self._await(self._is_online)
            self._hub_program("revoke", DEVICE, "--reason", "dicuri (uji)")
            self._say("revoked")
            ended_s, shut_out_s = self._silence()
        return Life(
            enrolled_s=round(enrolled_s, 1),
            live_still_s=round(live_s, 1),
            revoked_broker_s=ended_s,
            revoked_hub_s=self._after(self._last_taken_at()),
            revoked_shut_out_s=shut_out_s,
        )

    def _make_card(self) -> Path:
        words = ("--device", DEVICE, "--site", SITE, "--source", f"{CAMERA}=scene:street", "--json")
        code = json.loads(self._hub_program("claim", *words))["code"]
        card = self._folder.with_suffix(".card")
        card.mkdir()
        (card / "pontive.toml").write_text(f'hub = "{self._city.url}"\ncode = "{code}"\n')
        return card

    def _do_card(self, card: Path) -> None:
        words = ["set-up", "--from", card, "--config", self._config, "--retry-for", str(STUCK_AFTER_S)]
        done = subprocess.run([_program("edge"), *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout

    @contextmanager
    def _agent(self) -> Iterator[None]:
        with self._log.open("wb") as log:
            words = [_program("edge"), "run", "--config", self._config]
            agent = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)
        self._agents.append(agent)
        try:
            yield
        finally:
            agent.terminate()
            agent.wait()

    def _silence(self) -> tuple[float, float]:
        """Return after how long its session was ended, and after how long the broker knew its certificate."""
        self._await(lambda: not self._is_online())
        with self._database.reading() as db:
            ended_at = db.get_one(DevicePresence, DEVICE).since
        ended_s = self._after(ended_at)
        self._say(f"the broker ended its session after {ended_s} s")
        self._await(self._is_shut_out)
        shut_out_s = self._after(datetime.now(UTC))
        self._say(f"the broker lets it in no more, seen after {shut_out_s} s")
        return ended_s, shut_out_s

    def _is_shut_out(self) -> bool:
        """Return whether the broker refuses its certificate, from a client of our own."""
        context = ssl.create_default_context(cafile=str(self._folder / "ca.pem"))
        context.load_cert_chain(self._folder / "device.pem", self._folder / "device.key")
        # The agent's own name would end the agent's session.
        client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=f"{DEVICE}-live", protocol=paho.MQTTv5
        )
        client.tls_set_context(context)
        answers: list[bool] = []
        client.on_connect = lambda _client, _data, _flags, reason, _more: answers.append(reason.is_failure)
        client.on_connect_fail = lambda _client, _data: answers.append(True)
        client.on_disconnect = lambda _client, _data, _flags, _reason, _more: answers.append(True)
        try:
            client.connect("localhost", self._city.broker_port)
            while not answers:
                if client.loop(1.0) != paho.MQTT_ERR_SUCCESS:
                    return True
        except ssl.SSLError:
            return True
        finally:
            client.disconnect()
        return answers[0]

    def _has_still(self) -> bool:
        with self._database.reading() as db:
            return db.get(Still, (DEVICE, CAMERA)) is not None

    def _is_online(self) -> bool:
        with self._database.reading() as db:
            presence = db.get(DevicePresence, DEVICE)
            return presence is not None and presence.is_online

    def _last_taken_at(self) -> datetime:
        with self._database.reading() as db:
            still_at = db.get_one(Still, (DEVICE, CAMERA)).received_at
            query = select(func.max(IngestReceipt.received_at)).where(IngestReceipt.device == DEVICE)
            return max(still_at, db.scalar(query) or still_at)

    def _after(self, moment: datetime) -> float:
        """Return the seconds from the revocation until a moment; never less than none."""
        query = select(func.max(DeviceCertificate.revoked_at)).where(DeviceCertificate.device == DEVICE)
        with self._database.reading() as db:
            revoked_at = db.scalar(query)
        assert revoked_at is not None
        return max(0.0, round((moment - revoked_at).total_seconds(), 1))

    def _await(self, look: Callable[[], bool]) -> None:
        await_while_moving(look, moves=self._moves, saying=lambda: self._log.read_text() + self._city.said)

    def _moves(self) -> Hashable:
        """Return what changes while our device gets on; its agent and the city must be there."""
        for process in (*self._agents, self._city.process):
            assert process.poll() is None, self._log.read_text() + self._city.said
        query = select(func.count()).select_from(IngestReceipt).where(IngestReceipt.device == DEVICE)
        with self._database.reading() as db:
            presence = db.get(DevicePresence, DEVICE)
            came = None if presence is None else (presence.is_online, presence.since)
            return came, db.scalar(query), self._log.stat().st_size

    def _hub_program(self, *words: str) -> str:
        config = ("--config", str(self._city.folder.hub_config))
        done = subprocess.run(
            [_program("hub"), "enrolment", *words, *config], check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout


def _has_started(city: RunningCity) -> bool:
    assert city.process.poll() is None, city.said
    # Printed when broker and hub answer; the city's own devices may come later.
    return "Alamat / address" in city.said


def _work_of(city: RunningCity) -> Hashable:
    """Return what changes while a city starts: it says something, or computes."""
    return city.said, sum(_cpu_s(each) for each in city.everybody())


def _cpu_s(process: psutil.Process) -> int:
    try:
        return int(sum(process.cpu_times()[:2]))
    except psutil.NoSuchProcess:  # a command of the set-up came to its end between two looks
        return 0


def await_while_moving(
    look: Callable[[], bool], *, moves: Callable[[], Hashable], saying: Callable[[], str]
) -> None:
    """Wait until ``look`` is true, as long as ``moves`` returns something new now and then.

    Raises:
        AssertionError: it did not for ``STUCK_AFTER_S``; holds what ``saying`` returns.
    """
    last, since_s = None, time.monotonic()
    while not look():
        if (now := moves()) != last:
            last, since_s = now, time.monotonic()
        assert time.monotonic() - since_s < STUCK_AFTER_S, (
            f"nothing new for {STUCK_AFTER_S:.0f} s: {saying()}"
        )
        time.sleep(0.1)


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(f"pontive-{name}"))

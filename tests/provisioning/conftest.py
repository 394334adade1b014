"""A city authority and a real mosquitto that runs by our own rules."""

import os
import queue
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.reasoncodes import ReasonCode

from provisioning.broker import Broker, find_mosquitto, write_rules
from provisioning.trust.ca import CityAuthority
from provisioning.trust.enrol import ensure_certificate


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Client:
    """One MQTT 5 connection with a client certificate; every answer can be waited for."""

    def __init__(self, port: int, context: ssl.SSLContext, client_id: str = "") -> None:
        self.received: list[paho.MQTTMessage] = []
        self.connected_with: queue.Queue[ReasonCode] = queue.Queue()
        self.disconnected_with: queue.Queue[ReasonCode] = queue.Queue()
        self._published: queue.Queue[ReasonCode] = queue.Queue()
        self._subscribed: queue.Queue[ReasonCode] = queue.Queue()
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=client_id, protocol=paho.MQTTv5
        )
        self._client.tls_set_context(context)
        self._client.on_connect = lambda _c, _u, _f, code, _p: self.connected_with.put(code)
        self._client.on_disconnect = lambda _c, _u, _f, code, _p: self.disconnected_with.put(code)
        self._client.on_publish = lambda _c, _u, _m, code, _p: self._published.put(code)
        self._client.on_subscribe = lambda _c, _u, _m, codes, _p: self._subscribed.put(codes[0])
        self._client.on_message = lambda _c, _u, message: self.received.append(message)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self.connected_with.get(timeout=240)

    def publish(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> str:
        """Publish with QoS 1 and return what the broker says to it."""
        self._client.publish(topic, payload, qos=1, retain=retain)
        return str(self._published.get(timeout=240))

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish without waiting for an answer."""
        self._client.publish(topic, payload, qos=1, retain=retain)

    def subscribe(self, topic: str) -> str:
        self._client.subscribe(topic, qos=1)
        return str(self._subscribed.get(timeout=240))

    def disconnection(self) -> str:
        """Wait until the broker hangs up, and return why."""
        return str(self.disconnected_with.get(timeout=240))

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@dataclass(frozen=True)
class RunningBroker:
    """A mosquitto of the tests, its authority, and identities signed by it."""

    port: int
    folder: Path
    authority: CityAuthority
    process: subprocess.Popen[bytes]
    clients: list[Client] = field(default_factory=list)

    def context(self, identity: Path | None) -> ssl.SSLContext:
        """Return what a client of this identity (or of none) speaks TLS with."""
        context = ssl.create_default_context(cafile=str(self.authority.trust_path))
        if identity is not None:
            context.load_cert_chain(identity / "device.pem", identity / "device.key")
        return context

    def connect(self, name: str, client_id: str = "") -> Client:
        """Connect as a device that our own authority has signed, or as the hub."""
        client = Client(self.port, self.context(self.identity(name)), client_id)
        self.clients.append(client)
        return client

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self.process.terminate()
        self.process.wait()

    def identity(self, name: str, authority: CityAuthority | None = None) -> Path:
        """Return a folder with ``device.key`` and ``device.pem`` for a device, or for the hub."""
        signer = authority or self.authority
        folder = self.folder / "identities" / f"{name}-{signer.folder.name}"
        folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        sign = signer.sign_hub if name == "hub" else signer.sign_device
        ensure_certificate(
            folder / "device.key",
            folder / "device.pem",
            name,
            sign=lambda csr: sign(csr, now=now),
            is_ours=signer.has_issued,
            now=now,
        )
        return folder


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def authority(tmp_path: Path, now: datetime) -> CityAuthority:
    return CityAuthority(tmp_path / "ca", now=now)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(4_800):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "mosquitto ended at its start"
        time.sleep(0.05)
    raise AssertionError("mosquitto does not listen")


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    """A broker as the city would run it, for the whole session."""
    folder = tmp_path_factory.mktemp("broker")
    now = datetime.now(UTC)
    authority = CityAuthority(folder / "city-ca", now=now)
    rules = Broker(folder / "broker", free_port())
    rules.folder.mkdir()
    ensure_certificate(
        rules.folder / "server.key",
        rules.folder / "server.pem",
        "localhost",
        sign=lambda csr: authority.sign_server(csr, ["localhost", "127.0.0.1"], now=now),
        is_ours=authority.has_issued,
        now=now,
    )
    shutil.copyfile(authority.trust_path, rules.folder / "ca.pem")
    shutil.copyfile(authority.revocation_list_path, rules.folder / "crl.pem")
    write_rules(rules, is_root=os.geteuid() == 0)
    process = subprocess.Popen([find_mosquitto(), "-c", str(rules.config_path)])
    wait_for_port(rules.port, process)
    running = RunningBroker(rules.port, folder, authority, process)
    yield running
    running.close()

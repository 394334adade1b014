"""The generated rules, tried on a real mosquitto with MQTT 5 and client certificates."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from provisioning import broker as broker_rules
from provisioning.broker import MAX_PACKET_BYTES, Broker, configuration, find_mosquitto, write_rules
from provisioning.errors import ProvisioningError
from provisioning.trust.ca import CLIENT_LIFE, CityAuthority
from provisioning.trust.certificates import read_certificate
from provisioning.trust.enrol import ensure_certificate

DEVICES = ("pi-satu", "pi-dua")


def handshake_error(broker, context: ssl.SSLContext, *, timeout_s: float = 120.0) -> str:
    """Try TLS and one read; TLS 1.3 tells the client only then that its certificate was refused."""
    with (
        pytest.raises((ssl.SSLError, ConnectionResetError)) as raised,
        socket.create_connection(("127.0.0.1", broker.port), timeout=timeout_s) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.recv(1)
    return str(raised.value).lower()


@pytest.mark.parametrize("speaker", DEVICES)
@pytest.mark.parametrize("owner", DEVICES)
def test_a_device_publishes_on_its_own_topics_and_on_no_other(broker, speaker: str, owner: str) -> None:
    client = broker.connect(speaker)
    answer = client.publish(f"pontive/1/up/{owner}/records")
    # Whether somebody listens depends on what other tests left open.
    taken = ("Success", "No matching subscribers")
    assert answer in (taken if speaker == owner else ("Not authorized",))


@pytest.mark.parametrize(
    "topic", ["pontive/1/dn/pi-satu/ack", "pontive/1/up", "pontive/2/up/pi-satu/x", "$SYS/x"]
)
def test_a_device_does_not_speak_for_the_hub_or_elsewhere(broker, topic: str) -> None:
    assert broker.connect("pi-satu").publish(topic) == "Not authorized"


def test_a_device_overhears_nothing_even_with_the_broadest_filter(broker) -> None:
    hub, eavesdropper = broker.connect("hub"), broker.connect("pi-dua")
    eavesdropper.subscribe("#")
    hub.publish("pontive/1/dn/pi-satu/cmd", b"for another")
    broker.connect("pi-satu").publish("pontive/1/up/pi-satu/records", b"of another")
    hub.publish("pontive/1/dn/pi-dua/cmd", b"mine")
    assert [message.payload for message in wait_for(eavesdropper.received, 1)] == [b"mine"]


def wait_for(received: list, count: int) -> list:
    for _ in range(4_800):
        if len(received) >= count:
            break
        time.sleep(0.05)
    return received


def test_the_hub_hears_every_device_and_reaches_each(broker) -> None:
    hub = broker.connect("hub")
    hub.subscribe("pontive/1/up/+/records")
    device = broker.connect("pi-satu")
    device.subscribe("pontive/1/dn/pi-satu/#")
    assert device.publish("pontive/1/up/pi-satu/records", b"seen") == "Success"
    assert hub.publish("pontive/1/dn/pi-satu/ack", b"kept") == "Success"
    assert wait_for(hub.received, 1)[0].payload == b"seen"
    assert wait_for(device.received, 1)[0].payload == b"kept"


def test_a_client_without_a_certificate_is_refused(broker) -> None:
    assert "certificate required" in handshake_error(broker, broker.context(None))


def test_a_certificate_of_a_strangers_authority_is_refused(broker, tmp_path: Path) -> None:
    stranger = CityAuthority(tmp_path / "stranger", now=datetime.now(UTC))
    error = handshake_error(broker, broker.context(broker.identity("pi-satu", stranger)))
    assert "unknown ca" in error or "decrypt error" in error


def test_an_expired_certificate_is_refused(broker, tmp_path: Path) -> None:
    past = datetime.now(UTC) - CLIENT_LIFE - timedelta(minutes=1)
    ensure_certificate(
        tmp_path / "device.key",
        tmp_path / "device.pem",
        "pi-lama",
        sign=lambda csr: broker.authority.sign_device(csr, now=past),
        is_ours=broker.authority.has_issued,
        now=past,
    )
    assert "certificate expired" in handshake_error(broker, broker.context(tmp_path))


def test_a_server_certificate_does_not_open_the_door_for_a_client(broker) -> None:
    context = broker.context(None)
    context.load_cert_chain(broker.folder / "broker/server.pem", broker.folder / "broker/server.key")
    assert "certificate" in handshake_error(broker, context)


def test_an_old_tls_version_is_refused(broker) -> None:
    context = broker.context(broker.identity("pi-satu"))
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    # The library warns about what is exactly the point here.
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    assert handshake_error(broker, context)


@pytest.mark.parametrize("suite", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "ECDHE+AESCCM"])
def test_a_cipher_suite_that_is_none_of_ours_is_refused(broker, suite: str) -> None:
    context = broker.context(broker.identity("pi-satu"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    assert "handshake failure" in handshake_error(broker, context)


@pytest.mark.parametrize("suite", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"])
def test_a_good_cipher_suite_of_tls_1_2_is_taken(broker, suite: str) -> None:
    context = broker.context(broker.identity("pi-satu"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    with (
        socket.create_connection(("127.0.0.1", broker.port), timeout=60) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        assert (tls.version(), tls.cipher()[0]) == ("TLSv1.2", suite)


def test_a_revoked_device_is_refused_after_the_broker_read_its_list_again(broker) -> None:
    identity = broker.identity("pi-hilang")
    broker.connect("pi-hilang").close()
    broker.authority.revoke(read_certificate(identity / "device.pem"), now=datetime.now(UTC))
    shutil.copyfile(broker.authority.revocation_list_path, broker.folder / "broker/crl.pem")
    broker.process.send_signal(signal.SIGHUP)
    said = ""
    for _ in range(120):  # until the broker has read its list, it takes the connection and waits for a word
        with contextlib.suppress(TimeoutError):
            said = handshake_error(broker, broker.context(identity), timeout_s=2)
            break
    assert "revoked" in said
    assert broker.connect("pi-satu").publish("pontive/1/up/pi-satu/state")


def test_a_huge_message_ends_the_connection_and_nobody_elses(broker) -> None:
    hub, bystander = broker.connect("hub"), broker.connect("pi-dua")
    hub.subscribe("pontive/1/up/+/still/+")
    device = broker.connect("pi-satu")
    device.send("pontive/1/up/pi-satu/still/cam", bytes(10_000_000))
    assert device.disconnection() in ("Packet too large", "Unspecified error")
    assert bystander.publish("pontive/1/up/pi-dua/still/cam", bytes(MAX_PACKET_BYTES - 1_000)) == "Success"
    assert [len(m.payload) for m in wait_for(hub.received, 1)] == [MAX_PACKET_BYTES - 1_000]


def test_a_retained_message_is_refused(broker) -> None:
    device = broker.connect("pi-satu")
    device.send("pontive/1/up/pi-satu/state", b"for ever", retain=True)
    assert device.disconnection() == "Retain not supported"


def test_mosquitto_gives_up_roots_rights_where_it_can(
    tmp_path_factory: pytest.TempPathFactory, broker
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give rights up")
    # pytest's own folders are closed to other users.
    folder = Path("/var/tmp") / f"pontive-broker-{os.getpid()}"
    shutil.copytree(broker.folder / "broker", folder)
    try:
        rules = Broker(folder, free_port_beside(broker.port))
        write_rules(rules, is_root=True)
        process = subprocess.Popen([find_mosquitto(), "-c", str(rules.config_path)])
        try:
            for _ in range(4_800):
                if psutil.Process(process.pid).uids().effective == pwd.getpwnam("mosquitto").pw_uid:
                    break
                time.sleep(0.05)
            assert psutil.Process(process.pid).username() == "mosquitto"
            time.sleep(0.3)
            assert process.poll() is None
            process.send_signal(signal.SIGHUP)  # reads key, list and rules again, now without rights
            time.sleep(0.3)
            assert process.poll() is None
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(folder)


def free_port_beside(port: int) -> int:
    for candidate in range(port + 1, port + 200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", candidate)) != 0:
                return candidate
    raise AssertionError("no free port")


def test_below_a_closed_folder_root_keeps_its_rights(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "broker").mkdir(parents=True)
    closed.chmod(0o700)
    (closed / "broker/server.key").touch()
    write_rules(Broker(closed / "broker", 8883), is_root=True)
    assert "user root" in (closed / "broker/mosquitto.conf").read_text()


def test_an_ordinary_user_writes_no_user_line(tmp_path: Path) -> None:
    assert "user " not in configuration(Broker(tmp_path, 8883), user=None)
    assert "listener 8883 127.0.0.1\nmax_connections" in configuration(Broker(tmp_path, 8883), user=None)


def test_a_missing_mosquitto_is_named_with_its_package() -> None:
    with pytest.raises(ProvisioningError, match="apt-get install mosquitto"):
        find_mosquitto(which=lambda name, path: None)


class Account:
    """What the password file says of mosquitto, for folders that a test makes."""

    def __init__(self, uid: int, gid: int) -> None:
        self.pw_uid, self.pw_gid = uid, gid


@pytest.mark.parametrize(
    ("mode", "uid_step", "gid_step", "user"),
    [
        (0o700, 0, 0, "mosquitto"),  # the folder is its own
        (0o300, 0, 0, "mosquitto"),
        (0o600, 0, 0, "root"),
        (0o710, 1, 0, "mosquitto"),  # of its group
        (0o701, 1, 0, "root"),
        (0o701, 1, 1, "mosquitto"),  # of nobody it knows
        (0o770, 1, 1, "root"),
    ],
)
def test_root_gives_its_rights_up_only_where_mosquitto_can_enter(
    tmp_path: Path, monkeypatch, mode: int, uid_step: int, gid_step: int, user: str
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    owner = folder.stat()
    account = Account(owner.st_uid + uid_step, owner.st_gid + gid_step)
    monkeypatch.setattr(broker_rules.pwd, "getpwnam", lambda name: account)
    assert broker_rules._may_enter(folder, account) == (user == "mosquitto")
    monkeypatch.setattr(Path, "parents", (folder,))
    assert broker_rules._user_to_become(folder / "broker") == user


def test_without_a_mosquitto_account_root_stays_root(tmp_path: Path, monkeypatch) -> None:
    def unknown(name: str) -> None:
        raise KeyError(name)

    monkeypatch.setattr(broker_rules.pwd, "getpwnam", unknown)
    assert broker_rules._user_to_become(tmp_path) == "root"

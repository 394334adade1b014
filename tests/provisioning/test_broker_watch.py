"""Revocation at a real mosquitto: what its list does, what it does not, and what cuts a session."""

import logging
import shutil
import signal
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.config import BrokerSettings
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.ingest.taking.address import address_of
from hub.ingest.taking.subscriber import take_over
from provisioning.broker import Broker
from provisioning.broker_watch import BrokerWatch, checked_devices, checked_lists
from provisioning.cli import commands
from provisioning.errors import ProvisioningError
from provisioning.trust.ca import CityAuthority
from provisioning.trust.certificates import read_certificate
from provisioning.trust.enrol import ensure_certificate
from tests.provisioning.conftest import RunningBroker

TOPIC = "pontive/1/up/pi-dicuri/records"
# The broker took it; whether somebody listens depends on what other tests left open.
TAKEN = ("Success", "No matching subscribers")


def watch_of(broker: RunningBroker, news: Path) -> BrokerWatch:
    def reload() -> None:
        broker.process.send_signal(signal.SIGHUP)

    return BrokerWatch(Broker(broker.folder / "broker", broker.port), news, is_root=True, reload=reload)


def until(look, what: str) -> None:
    """Wait until ``look`` is true."""
    began_s = time.monotonic()
    while time.monotonic() < began_s + 240:
        if look():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}")


def test_a_revoked_device_falls_silent_loses_its_session_and_does_not_come_back(
    broker: RunningBroker, tmp_path: Path
) -> None:
    """The order of things is the one of ADR 0013."""
    identity = broker.identity("pi-dicuri")
    certificate = read_certificate(identity / "device.pem")
    thief, bystander = broker.connect("pi-dicuri", "pi-dicuri"), broker.connect("pi-satu")
    hub = broker.identity("hub")
    address = address_of(
        BrokerSettings(
            host="127.0.0.1",
            port=broker.port,
            ca=str(broker.authority.trust_path),
            certificate=str(hub / "device.pem"),
            key=str(hub / "device.key"),
        )
    )
    issuing = IssuingAuthority(broker.authority.folder)
    now = datetime.now(UTC)
    watch = watch_of(broker, tmp_path)
    assert not watch.tick(), "nothing is new"
    (tmp_path / "crl.pem").write_bytes(issuing.revocation_lists({certificate.serial_number: now}, now=now))
    assert watch.tick()
    until(lambda: "revoked" in refused(broker, identity), "the list is read")
    # Measured: the list alone leaves an open session as it is.
    assert thief.publish(TOPIC) in TAKEN
    (tmp_path / "denied").write_text("pi-dicuri\n")
    assert watch.tick()
    until(lambda: thief.publish(TOPIC) == "Not authorized", "the open session falls silent")
    assert bystander.publish("pontive/1/up/pi-satu/records") in TAKEN
    assert thief.disconnected_with.empty()
    assert take_over(address, "pi-dicuri")
    assert thief.disconnection() in ("Session taken over", "Unspecified error")


def refused(broker: RunningBroker, identity: Path) -> str:
    """Return why the broker lets nobody in; empty when it does, and then waits for a first word."""
    context = broker.context(identity)
    try:
        with (
            socket.create_connection(("127.0.0.1", broker.port), timeout=0.5) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            tls.recv(1)
    except TimeoutError:
        return ""
    except (ssl.SSLError, ConnectionResetError) as error:
        return str(error).lower()
    raise AssertionError("the broker hung up without a word")


def test_a_take_over_without_a_broker_says_no(broker: RunningBroker, free_port: int, caplog) -> None:
    hub = broker.identity("hub")
    settings = BrokerSettings(
        port=free_port,
        ca=str(broker.authority.trust_path),
        certificate=str(hub / "device.pem"),
        key=str(hub / "device.key"),
    )
    assert not take_over(address_of(settings), "pi-satu", timeout_s=1)
    assert "cannot be ended" in caplog.text


def test_the_brokers_own_key_changes_without_a_lost_session(broker: RunningBroker, tmp_path: Path) -> None:
    folder, now = broker.folder / "broker", datetime.now(UTC)
    bystander = broker.connect("pi-satu")
    watch = watch_of(broker, tmp_path)
    before = (folder / "server.pem").read_text()
    (folder / "server.key").unlink()
    ensure_certificate(
        folder / "server.key",
        folder / "server.pem",
        "localhost",
        sign=lambda csr: broker.authority.sign_server(csr, ["localhost", "127.0.0.1"], now=now),
        is_ours=broker.authority.has_issued,
        now=now,
    )
    (tmp_path / "denied").write_text("")
    assert watch.tick()
    assert (folder / "server.pem").read_text() != before
    until(lambda: broker.connect("pi-dua").publish("pontive/1/up/pi-dua/records"), "somebody new comes in")
    assert bystander.publish("pontive/1/up/pi-satu/records") in TAKEN


@pytest.mark.parametrize("crl", [b"", b"garbled", b"-----BEGIN X509 CRL-----\nAA\n-----END X509 CRL-----\n"])
def test_a_list_that_cannot_be_right_leaves_the_rules_as_they_are(
    broker: RunningBroker, tmp_path: Path, caplog, crl: bytes
) -> None:
    present = (broker.folder / "broker/crl.pem").read_bytes()
    (tmp_path / "crl.pem").write_bytes(crl)
    with caplog.at_level(logging.ERROR):
        watch = watch_of(broker, tmp_path)
        assert not watch.tick()
        assert not watch.tick()
    assert len(caplog.records) == 1, "said once"
    assert (broker.folder / "broker/crl.pem").read_bytes() == present


@pytest.mark.parametrize("text", ["pi-satu\nhub\n", "pi satu\n#", "topic\nread #"])
def test_nothing_but_ids_of_devices_comes_into_the_access_list(text: str) -> None:
    with pytest.raises(ProvisioningError, match="denied devices"):
        checked_devices(text)
    assert checked_devices("pi-b\npi-a\npi-a\n") == ["pi-a", "pi-b"]


def test_lists_of_two_issuers_are_taken_together(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    folder = CityAuthority(tmp_path / "new", now=now).folder
    old = CityAuthority(tmp_path / "old", now=now - timedelta(days=1)).folder
    for kind in ("key", "pem"):
        shutil.copyfile(old / f"issuing.{kind}", folder / f"previous.{kind}")
    lists = IssuingAuthority(folder).revocation_lists({7: now}, now=now)
    assert lists.count(b"BEGIN X509 CRL") == 2
    assert checked_lists(lists) == lists


def test_the_command_takes_revocations_over_and_names_a_broker_that_does_not_run(
    broker: RunningBroker, tmp_path: Path
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "denied").write_text("pi-hilang-dua\n")
    folder = broker.folder / "broker"
    command = ["broker", "watch", str(folder), str(news), "--once"]
    where = ["--port", str(broker.port), "--address", "127.0.0.1"]
    with pytest.raises(ProvisioningError, match="is mosquitto running"):
        CliRunner().invoke(commands, [*command, *where, "--reload", "false"], catch_exceptions=False)
    reload = ["--reload", f"kill -HUP {broker.process.pid}"]
    result = CliRunner().invoke(commands, [*command, *where, *reload], catch_exceptions=False)
    assert "mosquitto reads them" in result.output
    assert "user pi-hilang-dua\ntopic deny #" in (folder / "acl").read_text()
    assert broker.connect("pi-satu").publish("pontive/1/up/pi-satu/records") in TAKEN

"""A real mosquitto under the city's own rules, for tests and for the torture suite."""

import contextlib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from edge.config import HubLink
from provisioning.broker import Broker, find_mosquitto, write_rules
from provisioning.trust.ca import CityAuthority
from provisioning.trust.enrol import ensure_certificate


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Mosquitto:
    """A broker with its authority; it can be killed, frozen and started again on the same port."""

    def __init__(
        self, folder: Path, port: int | None = None, *, addresses: tuple[str, ...] = ("127.0.0.1",)
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self._now = datetime.now(UTC)
        self.authority = CityAuthority(folder / "ca", now=self._now)
        self.rules = Broker(folder / "broker", self.port, addresses)
        self._process: subprocess.Popen[bytes] | None = None
        self._enrol_broker()

    def start(self) -> None:
        """Start the program and wait until it listens."""
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                [find_mosquitto(), "-c", str(self.rules.config_path)],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline_s = time.monotonic() + 240
        while time.monotonic() < deadline_s:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError((self.folder / "mosquitto.log").read_text())

    @property
    def pid(self) -> int:
        """Of the running program."""
        assert self._process is not None
        return self._process.pid

    def read_rules_again(self) -> None:
        """Let it take over its lists, as after a revocation."""
        os.kill(self.pid, signal.SIGHUP)

    def start_again_if_it_died(self) -> None:
        """Do what systemd does with the city's broker (``Restart=always``)."""
        if self._process is not None and self._process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Stop it without ending it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, frozen or not."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.thaw()
            self._process.terminate()
            self._process.wait()

    def identity(self, name: str) -> Path:
        """Return a folder with ``device.key``, ``device.pem`` and ``ca.pem`` of a device, or the hub."""
        folder = self.folder / "identities" / name
        if not folder.exists():
            folder.mkdir(parents=True)
            sign = self.authority.sign_hub if name == "hub" else self.authority.sign_device
            self._certify(folder / "device", name, sign)
            shutil.copyfile(self.authority.trust_path, folder / "ca.pem")
        return folder

    def link(self, name: str, *, keepalive_s: int = 30) -> HubLink:
        """Return the configuration of a device's link to this broker."""
        folder = self.identity(name)
        return HubLink(
            host="127.0.0.1",
            port=self.port,
            ca=str(folder / "ca.pem"),
            certificate=str(folder / "device.pem"),
            key=str(folder / "device.key"),
            keepalive_s=keepalive_s,
        )

    def context(self, name: str) -> ssl.SSLContext:
        """Return what a client with this name speaks TLS with."""
        folder = self.identity(name)
        context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        context.load_cert_chain(folder / "device.pem", folder / "device.key")
        return context

    def _enrol_broker(self) -> None:
        folder = self.rules.folder
        folder.mkdir()
        hosts = ["localhost", *self.rules.addresses]
        self._certify(
            folder / "server", "localhost", lambda csr, now: self.authority.sign_server(csr, hosts, now=now)
        )
        shutil.copyfile(self.authority.trust_path, folder / "ca.pem")
        shutil.copyfile(self.authority.revocation_list_path, folder / "crl.pem")
        write_rules(self.rules, is_root=os.geteuid() == 0)

    def _certify(self, stem: Path, name: str, sign) -> None:
        ensure_certificate(
            stem.with_suffix(".key"),
            stem.with_suffix(".pem"),
            name,
            sign=lambda csr: sign(csr, now=self._now),
            is_ours=self.authority.has_issued,
            now=self._now,
        )

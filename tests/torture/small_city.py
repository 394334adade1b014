"""A small city of real processes: mosquitto, ``pontive-hub ingest`` and ``pontive-edge run``.

Each can be killed, frozen and started again by its own process group.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, select

from hub.db import Database
from hub.ingest.keeping.receipts import read_receipts
from hub.ingest.models import DeadLetter, IngestHealth
from provisioning.trust.keyfiles import ensure_signing_key
from tests.mosquitto import Mosquitto

_ROOT = Path(__file__).parents[2]
EDGES = ("sungai", "pasar", "pelabuhan")
_PRODUCING = "health_every_s = 1\n" + "".join(
    f'[[sensors]]\nid = "s{number}"\nsource = "simulated:number?seed={number}"\n'
    f'quantity = "number"\nevery_s = 0.05\n'
    for number in range(4)
)

Key = tuple[str, str, int]  # device, epoch, seq


class Victim(Protocol):
    """Something that can be hurt."""

    def start(self) -> None: ...

    def kill(self) -> None: ...

    def freeze(self) -> None: ...

    def thaw(self) -> None: ...


class Program:
    """One program of ours with all its children, as one process group."""

    def __init__(self, command: list[str], log: Path) -> None:
        self._command = command
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=_ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self._wait()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ask it to end; after ten seconds it is killed."""
        self.thaw()
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _signal(self, number: int) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait()


class City:
    """Broker, hub and three edges in one folder."""

    def __init__(self, folder: Path, *, edge_program: list[str]) -> None:
        self._folder = folder
        self.mosquitto = Mosquitto(folder)
        self._edge_program = edge_program
        self._set_up_hub()
        hub = [sys.executable, "-m", "hub.cli"]
        config = ["--config", str(folder / "hub" / "hub.toml")]
        for arguments in (["migrate"], ["places", "load", str(folder / "places.toml")]):
            subprocess.run([*hub, *arguments, *config], check=True, capture_output=True, cwd=_ROOT)
        self.hub = Program([*hub, "ingest", *config], folder / "hub.log")
        self.edges = {device: self._edge(device) for device in EDGES}
        self._database = Database(f"sqlite:///{folder / 'hub' / 'hub.db'}")

    def start(self) -> None:
        self.mosquitto.start()
        self.hub.start()
        for edge in self.edges.values():
            edge.start()

    def stop(self) -> None:
        for program in (*self.edges.values(), self.hub):
            program.stop()
        self.mosquitto.stop()
        self._database.close()

    def stop_producing(self) -> None:
        """Let every edge start again as it is after a power cut, but with nothing to see."""
        for edge in self.edges.values():
            edge.stop()
        for device, edge in self.edges.items():
            self._write_edge(device, "health_every_s = 3600\n")
            edge.start()

    def accepted(self) -> dict[Key, int]:
        """Return what the edges said they accepted, with the checksum of each body."""
        return {key: crc for device in EDGES for key, crc in self._accepted_by(device)}

    def in_hub(self) -> dict[Key, int]:
        """Return what the hub has committed of the three edges."""
        with self._database.reading() as db:
            receipts = [receipt for receipt in read_receipts(db) if receipt.device in EDGES]
        keys: Counter[Key] = Counter((r.device, r.epoch, r.seq) for r in receipts)
        twice = [key for key, count in keys.items() if count > 1]
        assert not twice, f"committed twice: {twice[:5]}"
        return {(r.device, r.epoch, r.seq): r.body_crc32 for r in receipts}

    def dead_letters(self) -> int:
        with self._database.reading() as db:
            return db.scalar(select(func.coalesce(func.sum(DeadLetter.times), 0))) or 0

    def duplicates(self) -> tuple[str, int]:
        """Return the start of the present hub process and how many duplicates it absorbed."""
        with self._database.reading() as db:
            health = db.scalars(select(IngestHealth)).first()
            return ("", 0) if health is None else (str(health.started_at), health.duplicates)

    def logs(self) -> str:
        return "\n".join(path.read_text("utf-8", "replace")[-2000:] for path in self._folder.glob("*.log"))

    def _accepted_by(self, device: str) -> Iterator[tuple[Key, int]]:
        path = self._folder / device / "accepted.log"
        lines = path.read_text("ascii").splitlines(keepends=True) if path.exists() else []
        for line in lines:
            if line.endswith("\n"):  # a kill may cut the last line
                epoch, seq, crc, _kind = line.split()
                yield (device, epoch, int(seq)), int(crc, 16)

    def _edge(self, device: str) -> Program:
        folder = self._folder / device
        folder.mkdir()
        self.mosquitto.identity(device)
        self._write_edge(device, _PRODUCING)
        command = [*self._edge_program, "run", "--config", str(folder / "edge.toml")]
        return Program(command, self._folder / f"{device}.log")

    def _write_edge(self, device: str, more: str) -> None:
        identity = self.mosquitto.identity(device)
        top, _, tables = more.partition("\n")
        text = f"""device = "{device}"
acceptance_log = "accepted.log"
{top}
[hub]
port = {self.mosquitto.port}
ca = "{identity / "ca.pem"}"
certificate = "{identity / "device.pem"}"
key = "{identity / "device.key"}"
keepalive_s = 5
[outbox]
max_mib = 16
{tables}"""
        (self._folder / device / "edge.toml").write_text(text)

    def _set_up_hub(self) -> None:
        folder = self._folder / "hub"
        folder.mkdir()
        identity = self.mosquitto.identity("hub")
        ensure_signing_key(folder / "hub-signing.key", folder / "hub-signing.pem")
        (folder / "hub.toml").write_text(
            f"""[broker]
port = {self.mosquitto.port}
ca = "{identity / "ca.pem"}"
certificate = "{identity / "device.pem"}"
key = "{identity / "device.key"}"
"""
        )
        site = 'kelurahan = "61.71.04.1004"\nlat = 0.0\nlon = 109.322\n'
        devices = "".join(
            f'[[sites]]\nid = "{device}"\nname = "{device}"\n{site}'
            f'[[devices]]\nid = "{device}"\nsite = "{device}"\nname = "{device}"\n'
            for device in (*EDGES, "rogue")
        )
        (self._folder / "places.toml").write_text(devices)


def wait_until(is_true, *, seconds: float) -> bool:
    """Poll; return whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True

"""A small city of real processes: mosquitto, ``pontive-hub ingest`` and ``pontive-edge run``.

Each can be killed, frozen and started again by its own process group, and be told to misbehave.
"""

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import func, select

from hub.db import Database
from hub.ingest.models import DeadLetter, IngestHealth
from provisioning.trust.keyfiles import ensure_signing_key
from tests.mosquitto import Mosquitto
from tests.torture.rigs.oracle import Key, in_hub
from tests.torture.rigs.programs import Program, Together

_ROOT = Path(__file__).parents[3]
EDGES = ("sungai", "pasar", "pelabuhan")
EDGE_PROGRAM = (sys.executable, "-m", "edge.cli")
PRODUCING = "health_every_s = 1\n" + "".join(
    f'[[sensors]]\nid = "s{number}"\nsource = "simulated:number?seed={number}"\n'
    f'quantity = "number"\nevery_s = 0.05\n'
    for number in range(4)
)
# Says how it is once an hour, and sees nothing.
QUIET = "health_every_s = 3600\n"
START_TIMEOUT_S = 240.0


class City:
    """Broker, hub and some edges in one folder."""

    def __init__(
        self,
        folder: Path,
        *,
        edges: Sequence[str] = EDGES,
        others: Sequence[str] = (),
        edge_program: Sequence[str] | Callable[[str], Sequence[str]] = EDGE_PROGRAM,
        producing: str | Mapping[str, str] = PRODUCING,
        hub_folder: Path | None = None,
        broker_of: Callable[[str, int], tuple[str, int]] = lambda _device, port: ("127.0.0.1", port),
        outbox_mib: int = 16,
        addresses: tuple[str, ...] = ("127.0.0.1",),
        hub_settings: str = "",
        database: str = "",
        workers: int = 1,
    ) -> None:
        """Make keys, configurations and tables; nothing runs yet.

        Args:
            folder: Where everything lies.
            edges: Devices that are programs of their own.
            others: Devices of the inventory that somebody else plays.
            edge_program: What an edge is started with, of all or by device.
            producing: What edges have to see, of all or by device: a line for the top, then tables.
            hub_folder: Where the hub keeps its things, if not in ``folder``.
            broker_of: Host and port where a device thinks the broker is, of its name and the real port.
            outbox_mib: Of each edge.
            addresses: Where the broker listens.
            hub_settings: More lines of the hub's configuration.
            database: URL of a PostgreSQL database; left out: SQLite in the hub's folder.
            workers: How many processes take in what devices say; more than one needs PostgreSQL.
        """
        self.folder = folder
        self.edge_names = tuple(edges)
        self.mosquitto = Mosquitto(folder, addresses=addresses)
        self._broker_of = broker_of
        self._hub_settings = hub_settings
        self._hub_head = f'database = "{database}"\n[ingest]\nworkers = {workers}\n' if database else ""
        self._outbox_mib = outbox_mib
        self._edge_program = edge_program if callable(edge_program) else lambda _device: edge_program
        self.hub_folder = hub_folder or folder / "hub"
        self._set_up_hub((*edges, *others))
        hub = [sys.executable, "-m", "hub.cli"]
        self._config = ["--config", str(self.hub_folder / "hub.toml")]
        for arguments in (["migrate"], ["places", "load", str(folder / "places.toml")]):
            _must([*hub, *arguments, *self._config])
        self.hub = self._ingest([*hub, "ingest", *self._config], workers)
        self.edges = {
            device: self._edge(device, producing if isinstance(producing, str) else producing[device])
            for device in edges
        }
        self.database = Database(database or f"sqlite:///{self.hub_folder / 'hub.db'}")

    def start(self) -> None:
        """Start everything."""
        self.mosquitto.start()
        self.hub.start()
        for edge in self.edges.values():
            edge.start()

    def wait_until_it_lives(self) -> None:
        """Wait for a committed record of each edge."""
        wanted = set(self.edge_names)
        if not wait_until(lambda: {key[0] for key in self.in_hub()} >= wanted, seconds=START_TIMEOUT_S):
            raise RuntimeError(f"the city does not start:\n{self.logs()}")

    def stop(self) -> None:
        """End everything, whatever state it is in."""
        for program in (*self.edges.values(), self.hub):
            program.stop()
        self.mosquitto.stop()
        self.database.close()

    def stop_producing(self) -> None:
        """Let every edge start again as it is after a power cut, but with nothing to see."""
        for edge in self.edges.values():
            edge.stop()
        for device, edge in self.edges.items():
            self.write_edge(device, QUIET)
            edge.start()

    def tell_hub(self, *arguments: str) -> None:
        """Run a command of the hub to its end.

        Raises:
            RuntimeError: it failed; says what it said.
        """
        _must([sys.executable, "-m", "hub.cli", *arguments, *self._config])

    def web(self) -> Program:
        """Return the screens, not started; ``[web] port`` says where."""
        command = [sys.executable, "-m", "hub.cli", "web", *self._config]
        return Program(command, self.folder / "web.log")

    def accepted(self) -> dict[Key, int]:
        """Return what the edges said they accepted, with the checksum of each body."""
        return {key: crc for device in self.edge_names for key, crc in self.accepted_by(device)}

    def in_hub(self) -> dict[Key, int]:
        """Return what the hub has committed of the edges."""
        return in_hub(self.database, self.edge_names)

    def dead_letters(self) -> int:
        """Return how often something was buried."""
        with self.database.reading() as db:
            return db.scalar(select(func.coalesce(func.sum(DeadLetter.times), 0))) or 0

    def duplicates(self) -> tuple[str, int]:
        """Return the start of the present hub process and how many duplicates it absorbed."""
        with self.database.reading() as db:
            health = db.scalars(select(IngestHealth)).first()
            return ("", 0) if health is None else (str(health.started_at), health.duplicates)

    def records_in_hub(self) -> int:
        """Return how many records the hub's present process has taken in, as it says itself."""
        with self.database.reading() as db:
            return db.scalar(select(func.sum(IngestHealth.records))) or 0

    def logs(self) -> str:
        """Return the last words of everybody."""
        return "\n".join(
            f"== {path.name}\n{path.read_text('utf-8', 'replace')[-2000:]}"
            for path in self.folder.glob("*.log")
        )

    def write_edge(self, device: str, producing: str) -> None:
        """Write the configuration of a device."""
        identity = self.mosquitto.identity(device)
        host, port = self._broker_of(device, self.mosquitto.port)
        top, _, tables = producing.partition("\n")
        text = f"""device = "{device}"
acceptance_log = "accepted.log"
{top}
[hub]
host = "{host}"
port = {port}
ca = "{identity / "ca.pem"}"
certificate = "{identity / "device.pem"}"
key = "{identity / "device.key"}"
hub_key = "{self.hub_folder / "hub-signing.pem"}"
keepalive_s = 5
[outbox]
max_mib = {self._outbox_mib}
{tables}"""
        (self.folder / device / "edge.toml").write_text(text)

    def accepted_by(self, device: str) -> Iterator[tuple[Key, int]]:
        """Yield what an edge said it accepted, with the checksum of each body."""
        path = self.folder / device / "accepted.log"
        lines = path.read_text("ascii").splitlines(keepends=True) if path.exists() else []
        for line in lines:
            if line.endswith("\n"):  # a kill may cut the last line
                epoch, seq, crc, _kind = line.split()
                yield (device, epoch, int(seq)), int(crc, 16)

    def _edge(self, device: str, producing: str) -> Program:
        folder = self.folder / device
        folder.mkdir(exist_ok=True)  # a scenario may have mounted something there
        self.write_edge(device, producing)
        command = [*self._edge_program(device), "run", "--config", str(folder / "edge.toml")]
        return Program(command, self.folder / f"{device}.log")

    def _ingest(self, command: Sequence[str], workers: int) -> Program:
        if workers == 1:
            return Program(command, self.folder / "hub.log")
        return Together(
            [
                Program([*command, "--worker", str(number)], self.folder / f"hub-{number}.log")
                for number in range(workers)
            ]
        )

    def _set_up_hub(self, devices: Sequence[str]) -> None:
        folder = self.hub_folder
        folder.mkdir(exist_ok=True)
        identity = self.mosquitto.identity("hub")
        ensure_signing_key(folder / "hub-signing.key", folder / "hub-signing.pem")
        (folder / "hub.toml").write_text(
            f"""{self._hub_head}[broker]
port = {self.mosquitto.port}
ca = "{identity / "ca.pem"}"
certificate = "{identity / "device.pem"}"
key = "{identity / "device.key"}"
{self._hub_settings}"""
        )
        site = 'kelurahan = "61.71.04.1004"\nlat = 0.0\nlon = 109.322\n'
        inventory = "".join(
            f'[[sites]]\nid = "{device}"\nname = "{device}"\n{site}'
            f'[[devices]]\nid = "{device}"\nsite = "{device}"\nname = "{device}"\n'
            for device in (*devices, "rogue")
        )
        (self.folder / "places.toml").write_text(inventory)


def _must(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd=_ROOT)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-1500:]}")


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder that mosquitto, which gives its rights up, may enter too."""
    with tempfile.TemporaryDirectory(prefix="pontive-torture-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def wait_until(is_true: Callable[[], object], *, seconds: float, every_s: float = 0.2) -> bool:
    """Poll; return whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True

"""The hub, seen from outside: its command line, run to the end and read.

Must not import the hub or look into its database; what it does not say here is its own business.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from provisioning.cities.patience import Patience
from provisioning.errors import ProvisioningError

# The longest takes 20 s of a processor; on a machine with other things to do that may be many minutes.
IDLE_S, WORK_S = 300.0, 300.0
_LOOK_EVERY_S = 1.0
# Of simulated devices, as their releases name it.
EXAMPLE_BOARD = "simulasi"


class HubStatus(msgspec.Struct, frozen=True):
    """What ``pontive-hub status --json`` says; keys we do not know are left to others."""

    devices: dict[str, bool]
    """Whether each device is online."""
    sources: dict[str, bool]
    """Whether something came of each camera, door and sensor lately; keys are ``device/source``."""
    troubles: dict[str, str]
    """What is wrong with sources that say so, in words; keys as above."""
    records: int
    dead_letters: int


def installed_program(name: str) -> str:
    """Return the path of one of our own programs, beside the running Python."""
    return str(Path(sys.executable).parent / name)


class HubProgram:
    """``pontive-hub`` with one configuration."""

    def __init__(self, config: Path, *, before_each: Callable[[], None] = lambda: None) -> None:
        """Remember the configuration; nothing is run yet.

        Args:
            config: The hub's configuration.
            before_each: Called before each command; what it raises keeps the command from running.
        """
        self._config = config
        self._before_each = before_each

    def command(self, *arguments: str) -> tuple[str, ...]:
        """Return a command line of the hub."""
        return (installed_program("pontive-hub"), *arguments, "--config", str(self._config))

    def migrate(self) -> None:
        """Bring the database to the present shape."""
        self._run("migrate")

    def load_places(self, inventory: Path) -> None:
        """Tell the hub of sites and devices; what was there before and is not any more is retired."""
        self._run("places", "load", "--retire-others", str(inventory))

    def load_people(self, people: Path) -> None:
        """Tell the hub of persons and their phones."""
        self._run("people", "load", str(people))

    def load_example_hours(self) -> None:
        """Give the hub the working hours and the tariff that it ships as examples."""
        self._run("hadir", "load-hours")

    def load_example_outages(self) -> None:
        """Give a hub that is new a past of outages to look at."""
        self._run("outages", "examples")

    def import_employees(self, employees: Path) -> None:
        """Tell the hub where its persons work."""
        self._run("hadir", "import-employees", str(employees))

    def simulate_attendance(self) -> None:
        """Let a hub that is new invent the scans of a past month, so that there is something to look at."""
        self._run("hadir", "simulate", "--if-new")

    def keep_backup(self, folder: Path) -> None:
        """Make a backup and try it out, so that the page of the system's state has something to tell."""
        folder.mkdir(mode=0o700, exist_ok=True)
        key = ("--key", str(folder / "backup.key"))
        self._run("backup", "make", str(folder), *key, "--keep", "3")
        newest = max(folder.glob("pontive-*"))
        self._run("drill", str(newest), *key)

    def register_certificates(self) -> None:
        """Tell the hub of the certificates that were made here."""
        self._run("enrolment", "register")

    def claim(self, device: str) -> str:
        """Return a claim code for a device of the inventory."""
        return str(msgspec.json.decode(self._run("enrolment", "claim", "--device", device, "--json"))["code"])

    def load_room_examples(self) -> None:
        """Give the control room counts of four weeks, findings, cases and a shift; needs stills."""
        self._run("cctv", "examples")
        self._run("cases", "examples")
        self._run("shifts", "examples")
        self._run("measures", "examples")
        self._run("registers", "examples")
        self._run("weather", "examples")

    def example_screen(self, board: str, name: str, scope: str = "") -> str:
        """Give a screen an address and return its path, which the hub does not keep."""
        return self._run("boards", "screen", board, "--name", name, "--scope", scope).strip()

    def load_example_cases(self) -> None:
        """Let invented citizens ask a hub that is new for letters, and complain."""
        self._run("citizens", "examples")
        self._run("complaints", "examples")

    def load_example_release(self, bundle: Path, key: Path, *, trial_device: str) -> None:
        """Let one device of a hub that is new try a newer version of its software."""
        if EXAMPLE_BOARD in self._run("release", "list"):
            return
        pack = (installed_program("pontive-edge"), "update", "pack", str(bundle), "--key", str(key))
        version = ("--number", "2", "--version", "0.2.0-contoh")
        result = run_to_the_end((*pack, *version))
        if result.returncode != 0:
            raise ProvisioningError(f"{bundle}: {(result.stderr or result.stdout).strip()}")
        board = ("--board", EXAMPLE_BOARD)
        self._run("release", "add", str(bundle), *version, *board, "--notes", "Contoh rilis simulasi")
        self._run("release", "ring", "uji", "--device", trial_device)
        self._run("release", "start", "2", *board, "--quiet", "always")

    def add_first_admin(self) -> str | None:
        """Make the first account.

        Returns:
            Its password, which nobody will ever see again, or ``None`` when there is one already.
        """
        said = msgspec.json.decode(self._run("user", "first", "--json"), type=dict[str, Any])
        password = said.get("password")
        return None if password is None else str(password)

    def status(self) -> HubStatus:
        """Return how the city is, as the hub sees it."""
        return msgspec.json.decode(self._run("status", "--json"), type=HubStatus)

    def _run(self, *arguments: str) -> str:
        self._before_each()
        result = run_to_the_end(self.command(*arguments))
        if result.returncode != 0:
            said = (result.stderr or result.stdout).strip()
            raise ProvisioningError(f"pontive-hub {' '.join(arguments)} failed:\n{said}")
        return result.stdout


def run_to_the_end(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a short program in a session of its own, so that Ctrl-C ends the city and not half a step.

    Raises:
        ProvisioningError: it hangs; it was killed.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        patience = Patience(process.pid, idle_s=IDLE_S, work_s=WORK_S)
        try:
            while patience.is_left():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    output, errors = process.communicate(timeout=min(_LOOK_EVERY_S, IDLE_S))
                    return subprocess.CompletedProcess(command, process.returncode, output, errors)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    what = f"{' '.join(command)} did nothing for {IDLE_S:.0f} s, or computed for {WORK_S:.0f} s"
    raise ProvisioningError(f"{what}: is the disk full?")

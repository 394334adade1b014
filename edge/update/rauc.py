"""RAUC by its command line: the slots of the city's own image.

The agent has no rights over disks: ``rauc`` speaks to its service over D-Bus, and a restart is asked
for by a file that a unit of the image waits for. Must not decide when anything is done.
"""

import json
import logging
import subprocess
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from edge.update.port import BundleError, BundleFacts, InstallError, SystemBusyError, SystemStatus

logger = logging.getLogger(__name__)

RELEASE = Path("/etc/pontive/release.toml")
RESTART = Path("/run/pontive-edge/restart-wanted")
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# Of bundles: "pontive-<board>".
COMPATIBLE = "pontive-"
# A whole image over a slow card; measured in emulation 261 s.
INSTALL_S = 3600.0
ASK_S = 60.0
_BUSY = "already processing"

Run = Callable[[Sequence[str], float], subprocess.CompletedProcess[str]]


def run_program(command: Sequence[str], timeout_s: float) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in words that do not depend on the machine's language."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=timeout_s, env=environment
    )


class RaucSystem:
    """A :class:`edge.update.port.SystemUpdater` on RAUC."""

    def __init__(
        self,
        *,
        run: Run = run_program,
        release: Path = RELEASE,
        restart: Path = RESTART,
        boot_id: Path = BOOT_ID,
        keyring: Path | None = None,
    ) -> None:
        """Ask nothing yet.

        Args:
            run: Runs a command within some seconds.
            release: Says what the running image is.
            restart: Written to ask for a restart.
            boot_id: The kernel's name of this boot.
            keyring: Who signs bundles; that of RAUC's own settings by default.
        """
        self._run = run
        self._release = release
        self._restart = restart
        self._boot_id = boot_id
        self._keyring = () if keyring is None else (f"--keyring={keyring}",)

    def status(self) -> SystemStatus:
        """See the port."""
        told = _table(self._asked("status", "--output-format=json"))
        booted, is_good = _booted(told)
        try:
            release = tomllib.loads(self._release.read_text("utf-8"))
            boot = self._boot_id.read_text("ascii").strip().replace("-", "")
        except (OSError, ValueError) as error:
            raise InstallError(f"{self._release}: {error}") from error
        number = release.get("number")
        return SystemStatus(
            board=str(release.get("board", "")),
            slot=booted,
            boot=boot,
            number=number if isinstance(number, int) else 0,
            name=str(release.get("version", ""))[:64],
            # Not "boot_primary": that is the slot to be tried, from its installation on.
            is_committed=is_good,
        )

    def check(self, bundle: Path) -> BundleFacts:
        """See the port; RAUC judges the signature here, and the content when it installs.

        Of our bundles ``version`` is the release's number, ``description`` its version.
        """
        result = self._result("info", "--output-format=json", *self._keyring, str(bundle))
        if result.returncode != 0:
            raise BundleError(_last_words(result))
        facts = _table(result.stdout)
        compatible, number = str(facts.get("compatible")), str(facts.get("version"))
        if not (number.isascii() and number.isdigit()):
            raise BundleError(f"versi bundel bukan nomor rilis ({number})")
        return BundleFacts(
            board=compatible.removeprefix(COMPATIBLE) if compatible.startswith(COMPATIBLE) else compatible,
            number=int(number[:12]),
            name=str(facts.get("description")),
        )

    def install(self, bundle: Path) -> None:
        """See the port."""
        result = self._result("install", str(bundle), within_s=INSTALL_S)
        if result.returncode == 0:
            return
        said = _last_words(result)
        if _BUSY in said.lower():
            raise SystemBusyError(said)
        if any(word in said.lower() for word in ("signature", "verity", "compatible", "keyring")):
            raise BundleError(said)
        raise InstallError(said)

    def restart(self, *, is_trial: bool) -> None:
        """See the port."""
        try:
            self._restart.write_text("tryboot\n" if is_trial else "plain\n", "ascii")
        except OSError as error:
            raise InstallError(f"{self._restart}: {error.strerror}") from error

    def mark_good(self) -> None:
        """See the port."""
        self._asked("status", "mark-good", "booted")

    def _asked(self, *arguments: str) -> str:
        result = self._result(*arguments)
        if result.returncode != 0:
            raise InstallError(_last_words(result))
        return result.stdout

    def _result(self, *arguments: str, within_s: float = ASK_S) -> subprocess.CompletedProcess[str]:
        try:
            return self._run(("rauc", *arguments), within_s)
        except (OSError, subprocess.SubprocessError) as error:
            raise InstallError(f"rauc {arguments[0]}: {error}") from error


def _table(text: str) -> Mapping[str, Any]:
    try:
        table = json.loads(text)
    except ValueError as error:
        raise InstallError(f"rauc menjawab bukan JSON: {error}") from error
    if not isinstance(table, dict):
        raise InstallError("rauc menjawab bukan tabel")
    return table


def _booted(told: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the slot that runs, and whether it was marked good.

    The key ``booted`` is no use: it is the boot loader's word for the slot, or a device.
    """
    slots = told.get("slots")
    for entry in slots if isinstance(slots, list) else ():
        for name, slot in entry.items() if isinstance(entry, dict) else ():
            if isinstance(slot, dict) and slot.get("state") == "booted":
                return str(name), slot.get("boot_status") == "good"
    raise InstallError("rauc tidak tahu slot mana yang jalan")


def _last_words(result: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (result.stderr or result.stdout).splitlines() if line.strip()]
    return (lines[-1] if lines else f"rauc berakhir dengan {result.returncode}")[:400]

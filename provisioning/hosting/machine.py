"""What an installation does to the machine besides writing files: programs run, owners set."""

import pwd
import shutil
from collections.abc import Sequence
from pathlib import Path

from provisioning.cities.hub_program import run_to_the_end
from provisioning.errors import ProvisioningError


class Machine:
    """This machine, as root."""

    def run(self, *command: str) -> None:
        """Run a program to its end.

        Raises:
            ProvisioningError: it failed; says what it said.
        """
        result = run_to_the_end(command)
        if result.returncode != 0:
            said = (result.stderr or result.stdout).strip()
            raise ProvisioningError(f"{' '.join(command)}: {said or f'exit code {result.returncode}'}")

    def succeeds(self, *command: str) -> bool:
        """Return whether a program that only asks says yes."""
        return shutil.which(command[0]) is not None and run_to_the_end(command).returncode == 0

    def give(self, paths: Sequence[Path], user: str, group: str) -> None:
        """Set owner and group."""
        for path in paths:
            shutil.chown(path, user, group)

    def has_user(self, name: str) -> bool:
        """Return whether an account is there."""
        try:
            pwd.getpwnam(name)
        except KeyError:
            return False
        return True

    def has_systemd(self) -> bool:
        """Return whether systemd runs here; it does not in a chroot or a build."""
        return Path("/run/systemd/system").is_dir()

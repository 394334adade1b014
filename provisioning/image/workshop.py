"""The build's folder: each step's result is kept under a fingerprint of all that went into it.

Must not know what the steps make.
"""

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from provisioning.errors import ProvisioningError

FINGERPRINT_LETTERS = 16
# One for each board.
KEPT_OF_EACH = 3
_AGAIN = ".again"


class Workshop:
    """Runs steps whose result is not there yet, and says so."""

    def __init__(
        self,
        folder: Path,
        *,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        remade: Sequence[str] = (),
    ) -> None:
        """Use a folder, which is made.

        Args:
            folder: Where results are kept.
            say: Takes a line for a person.
            clock: Monotonic seconds.
            remade: Steps that are made although their result is there; it is left alone.
        """
        # systemctl --root refuses a root that is reached by a symbolic link.
        self._folder = folder.resolve()
        self._say = say
        self._clock = clock
        self._remade = remade
        folder.mkdir(parents=True, exist_ok=True)

    def made(self, name: str, inputs: Iterable[bytes | str], make: Callable[[Path], None]) -> Path:
        """Return the result of a step, making it when its inputs are new.

        Args:
            name: The step, in a word.
            inputs: All that it depends on.
            make: Makes the result at the path it is given: a file or a folder.
        """
        path = self._folder / f"{name}-{fingerprint(inputs)}"
        if name in self._remade:
            path = path.with_name(f"{path.name}{_AGAIN}")
            _remove(path)
        if path.exists():
            os.utime(path)
            self._say(f"- {name}: kept from an earlier build")
            return path
        self._say(f"- {name} ...")
        began_s = self._clock()
        part = path.with_name(f"{path.name}.part")
        _remove(part)
        make(part)
        part.rename(path)
        os.utime(path)  # a tree brings an old time of its own, and the oldest is forgotten
        self._say(f"  {name}: {self._clock() - began_s:.0f} s")
        self._forget_old(name)
        return path

    def forget_remade(self) -> None:
        """Remove what was made a second time."""
        for name in self._remade:
            for path in self._folder.glob(f"{name}-*{_AGAIN}"):
                _remove(path)

    def _forget_old(self, name: str) -> None:
        letters = "[0-9a-f]" * FINGERPRINT_LETTERS
        found = sorted(self._folder.glob(f"{name}-{letters}"), key=lambda path: path.stat().st_mtime)
        for path in found[:-KEPT_OF_EACH]:
            _remove(path)


def fingerprint(inputs: Iterable[bytes | str]) -> str:
    """Return a short fingerprint of a sequence of inputs."""
    digest = hashlib.sha256()
    for each in inputs:
        content = each.encode() if isinstance(each, str) else each
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:FINGERPRINT_LETTERS]


def files_below(folder: Path, pattern: str = "**/*") -> Iterable[bytes | str]:
    """Yield names, modes and contents of all files below a folder, in a fixed order."""
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{path.relative_to(folder)} {path.stat().st_mode & 0o777:o}"
            yield path.read_bytes()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def run(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, stdin: bytes | None = None
) -> str:
    """Run a program of the build to its end and return what it printed.

    Raises:
        ProvisioningError: it is not installed, or failed; with its last words.
    """
    words = [str(word) for word in command]
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    try:
        done = subprocess.run(
            words,
            input=stdin if stdin is not None else b"",
            capture_output=True,
            check=False,
            env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", **(environment or {})},
        )
    except FileNotFoundError as error:
        raise ProvisioningError(f"{words[0]} is not installed; ./pontive image build installs it") from error
    if done.returncode != 0:
        last = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()[-15:]
        raise ProvisioningError(f"{' '.join(words)[:200]} failed ({done.returncode}):\n" + "\n".join(last))
    return done.stdout.decode("utf-8", "replace")

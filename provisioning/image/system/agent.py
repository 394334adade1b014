"""The agent and its Python packages in the image: as ``uv.lock`` says, compiled before they get there."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.image.workshop import run

PROJECT = Path(__file__).resolve().parents[3]
PLATFORM = "aarch64-manylinux_2_28"
# What our own package installer is: ./pontive puts it there.
_UV = PROJECT / ".uv" / "bin" / "uv"
# Workers are spawned: each reads this file again, and must neither become a second agent by it nor keep
# the agent's commands in its memory.
_STARTER = """#!/usr/bin/python3
if __name__ == "__main__":
    from edge.cli import main

    main()
"""


def locked_requirements(*, installer: Path = _UV, ask: Callable[[Sequence[str | Path]], str] = run) -> str:
    """Return the agent's packages with versions and hashes, as they are locked.

    Raises:
        ProvisioningError: the lock cannot be read.
    """
    if not installer.exists():
        raise ProvisioningError(f"{installer} is not there: start this through ./pontive image")
    words = (
        "export",
        "--frozen",
        "--quiet",
        "--extra",
        "edge",
        "--no-dev",
        "--no-emit-project",
        "--no-header",
    )
    return ask([installer, *words, "--project", PROJECT])


def install_wheels(into: Path, requirements: str, python: str) -> None:
    """Unpack the wheels for the device's machine into a folder; nothing is built or run.

    Raises:
        ProvisioningError: a wheel is not there for this machine, or its hash is another.
    """
    into.mkdir(parents=True)
    listed = into / "requirements.txt"
    listed.write_text(requirements)
    command: list[str | Path] = [
        _UV,
        "pip",
        "install",
        "--quiet",
        "--target",
        into,
        "--python-version",
        python,
    ]
    command += ["--python-platform", PLATFORM, "--only-binary", ":all:", "--require-hashes", "--no-deps"]
    run([*command, "--no-compile-bytecode", "--link-mode", "copy", "-r", listed])
    listed.unlink()


def add_agent(root: Path, site: str, version: str) -> None:
    """Copy the agent's own code, with the little that makes it an installed package."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(PROJECT / "edge", root / site / "edge", ignore=ignored)
    about = root / site / f"pontive-{version}.dist-info"
    about.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: pontive\nVersion: {version}\nLicense: Apache-2.0\n"
    (about / "METADATA").write_text(metadata)
    starter = root / "usr/bin/pontive-edge"
    starter.write_text(_STARTER)
    starter.chmod(0o755)


def compile_python(root: Path, native: Path, python: str, folders: Sequence[str]) -> None:
    """Compile Python files with the same Python of this machine's kind: seconds instead of minutes.

    Args:
        root: The system's tree.
        native: A tree with that Python, which is run where it lies.
        python: Its version, as ``3.13``.
        folders: What is compiled, below ``root``.
    """
    libraries = next(iter(sorted((native / "usr/lib").glob("*-linux-gnu*"))))
    loader = next(iter(sorted((*native.glob("usr/lib64/ld-linux*"), *libraries.glob("ld-linux*")))))
    command: list[str | Path] = [loader, "--library-path", libraries, native / f"usr/bin/python{python}"]
    # Unchecked: nothing on a read-only root changes, so no start asks for times.
    command += ["-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", root, "-p", "/"]
    places = [root / folder for folder in folders]
    run([*command, *places], environment={"PYTHONHOME": str(native / "usr"), "PYTHONHASHSEED": "0"})

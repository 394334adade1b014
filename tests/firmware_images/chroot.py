"""A clean Debian in a folder with Pontive installed as its wheel would be; for tests that run as root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PACKAGES = "systemd,systemd-sysv,dbus,mosquitto,python3-venv,procps,ca-certificates,postgresql"
# Needed by neither hub nor agent.
LEFT_OUT = (
    *(
        "playwright*",
        "mypy*",
        "ruff*",
        "hypothesis*",
        "zxing*",
        "twisted*",
        "pytest*",
        "_pytest",
        "coverage*",
    ),
    *("georeport*", "__pycache__", "pontive-*"),
)


def why_not() -> str:
    """Return why there can be no such test here; empty when there can."""
    if os.geteuid() != 0:
        return "a chroot needs root"
    # Two minutes and a mirror: where they are wanted, somebody says so.
    if not os.environ.get("PONTIVE_CHROOT"):
        return "takes minutes: set PONTIVE_CHROOT to `new` or to the folder of a Debian 12"
    if os.environ["PONTIVE_CHROOT"] == "new" and shutil.which("mmdebstrap") is None:
        return "mmdebstrap is not installed: apt-get install mmdebstrap"
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode:
        return "this sandbox allows no mounts of its own"
    if sys.version_info[:2] != (3, 11):
        return "compiled packages of Python 3.11 are needed, as in Debian 12"
    return ""


def make_root(folder: Path) -> Path:
    """Return a new Debian 12, unpacked from a mirror, or copied from ``PONTIVE_CHROOT``."""
    root = folder / "root"
    if (ready := os.environ["PONTIVE_CHROOT"]) != "new":
        subprocess.run(["cp", "-a", "--reflink=auto", ready, str(root)], check=True)
    else:
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(root)],
            check=True,
        )
    return root


def install_pontive(root: Path) -> None:
    """Put the project and what it needs into ``/opt/pontive`` of a root."""
    run(root, "python3", "-m", "venv", "--without-pip", "/opt/pontive")
    target = root / "opt/pontive/lib/python3.11/site-packages"
    source = PROJECT / ".venv/lib/python3.11/site-packages"
    shutil.copytree(
        source,
        target,
        dirs_exist_ok=True,
        symlinks=True,
        copy_function=_link,
        ignore=lambda folder, names: _left_out(folder, names) if folder == str(source) else set(),
    )
    for name in ("edge", "hub", "provisioning"):
        shutil.copytree(PROJECT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "firmware_images/hub", root / "opt/pontive/share/pontive/hub")
    metadata = next(source.glob("pontive-*.dist-info"))
    shutil.copytree(metadata, target / metadata.name)
    for name in ("edge", "hub", "provision"):
        module = "provisioning" if name == "provision" else name
        program = root / f"opt/pontive/bin/pontive-{name}"
        # Guarded as installers do it: the agent's workers read the program once more.
        begin = f"#!/opt/pontive/bin/python3\nfrom {module}.cli import main\n"
        program.write_text(f'{begin}if __name__ == "__main__":\n    main()\n')
        program.chmod(0o755)


def put_script(root: Path, script: Path) -> None:
    """Put a script of the tests where ``/srv/NAME`` is in a root."""
    shutil.copy(script, root / "srv")


_left_out = shutil.ignore_patterns(*LEFT_OUT)


def _link(source: str, target: str) -> object:
    try:
        os.link(source, target)
    except OSError:
        return shutil.copy2(source, target)
    return target


def inside(root: Path, *more: str) -> list[str]:
    """Return what runs a program in a root, with processes and a ``/proc`` of its own."""
    apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={root}/proc", *more]
    lo = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"] if "--net" in more else []
    return [*apart, *lo, "chroot", str(root)]


def run(root: Path, *command: str, code: int = 0) -> str:
    """Run a program in a root; return what it said, on both streams."""
    result = subprocess.run(
        [*inside(root), *command],
        env={"PATH": "/opt/pontive/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=150,
    )
    assert result.returncode == code, result.stdout
    return result.stdout

"""Does natively what the packages' own scripts would have done on an arm64 machine, and adds our part.

Users, certificates, library cache, units, modules. Users and the library cache need a program of
the foreign machine each; those run by themselves in qemu-user, without binfmt.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.image.recipe import Board, Recipe, Release
from provisioning.image.workshop import run

_NSSWITCH = "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\n"
_FOLDERS = ("data", "boot/setup", "mnt", "proc", "sys", "dev", "run", "tmp", "var", "root")
NEEDED_USERS = {"pontive", "systemd-network", "systemd-resolve", "systemd-timesync", "messagebus"}
SYSTEM_SITE = "usr/lib/python3/dist-packages"


def drop(root: Path, patterns: Iterable[str]) -> None:
    """Remove what matches, as ``/usr/share/man/*``."""
    for pattern in patterns:
        for path in list(root.glob(pattern.lstrip("/"))):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def prepare_system(root: Path) -> None:
    """Users and groups, certificates, names and links."""
    for name in _FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    _write_accounts(root)
    _write(root / "etc/nsswitch.conf", _NSSWITCH)
    _write(root / "etc/hostname", "pontive\n")
    _write(root / "etc/hosts", "127.0.0.1 localhost pontive\n::1 localhost\n")
    # Empty: systemd gives the machine a new one at each start, in memory.
    _write(root / "etc/machine-id", "")
    _link(root / "etc/resolv.conf", "../run/systemd/resolve/resolv.conf")
    _link(root / "etc/mtab", "../proc/self/mounts")
    _link(root / "etc/localtime", "/usr/share/zoneinfo/UTC")
    for name, program in (("awk", "mawk"), ("sh", "dash")):
        if not (root / "usr/bin" / name).exists():
            _link(root / "usr/bin" / name, program)
    authorities = sorted((root / "usr/share/ca-certificates").rglob("*.crt"))
    _write(root / "etc/ssl/certs/ca-certificates.crt", "".join(path.read_text() for path in authorities))


def _write_accounts(root: Path) -> None:
    masters = root / "usr/share/base-passwd"
    for name in ("passwd", "group"):
        _write(root / "etc" / name, (masters / f"{name}.master").read_text())
    names = [line.split(":")[0] for line in (root / "etc/passwd").read_text().splitlines()]
    # Nobody logs in with a password, and the day of the last change is no day of ours.
    _write(root / "etc/shadow", "".join(f"{name}:!:1::::::\n" for name in names), mode=0o640)
    groups = [line.split(":")[0] for line in (root / "etc/group").read_text().splitlines()]
    _write(root / "etc/gshadow", "".join(f"{name}:!::\n" for name in groups), mode=0o640)


def add_users(root: Path) -> None:
    """Make the users that packages and we describe in ``sysusers.d``."""
    # The system's own program: that of this machine may be too old for its files. It does not fail
    # when a user cannot be made, so ours are looked for.
    program = root / "usr/bin/systemd-sysusers"
    run(
        ["qemu-aarch64-static", "-L", root, program, f"--root={root}"],
        environment={"SOURCE_DATE_EPOCH": "86400"},
    )
    names = {line.split(":")[0] for line in (root / "etc/passwd").read_text().splitlines()}
    if missing := NEEDED_USERS - names:
        raise ProvisioningError(f"users could not be made: {', '.join(sorted(missing))}; check sysusers.d")
    for leftover in root.glob("etc/*-"):
        leftover.unlink()


def write_library_cache(root: Path) -> None:
    """Write ``ld.so.cache``: Python finds libzbar by it."""
    _write(root / "etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n")
    run(["qemu-aarch64-static", "-L", root, root / "usr/sbin/ldconfig", "-r", root, "-X"])


def prune_modules(root: Path, dropped: Sequence[str]) -> str:
    """Remove folders of kernel modules that no board needs, and return the kernel's version.

    Args:
        root: Of the image.
        dropped: Patterns of folders below ``kernel``; a file that fits is kept.

    Raises:
        ProvisioningError: there is not exactly one kernel.
    """
    kernels = sorted((root / "usr/lib/modules").iterdir())
    if len(kernels) != 1:
        raise ProvisioningError(f"{len(kernels)} kernels were unpacked, one is needed; check image.toml")
    for folder in [each for name in dropped for each in (kernels[0] / "kernel").glob(name) if each.is_dir()]:
        shutil.rmtree(folder)
    run(["depmod", "--basedir", root, kernels[0].name])
    return kernels[0].name


def set_units(root: Path, recipe: Recipe) -> None:
    """Enable and mask systemd units, and nothing beside."""
    shutil.rmtree(root / "etc/systemd/system", ignore_errors=True)
    run(["systemctl", f"--root={root}", "mask", *recipe.mask])
    run(["systemctl", f"--root={root}", "enable", *recipe.enable])


def add_ours(root: Path, sources: Path, board: Board, release: Release, keyring: Path) -> None:
    """Copy our files over the system's, with the words of this build filled in."""
    shutil.copytree(sources / "root", root, dirs_exist_ok=True)
    shutil.copy2(sources / "pontive-edge.service", root / "usr/lib/systemd/system/pontive-edge.service")
    for path in (root / "usr/lib/pontive").iterdir():
        path.chmod(0o755)
    configuration = root / "etc/rauc/system.conf"
    _write(configuration, configuration.read_text().replace("@FAMILY@", board.family))
    _write(root / "etc/pontive/release.toml", release_text(board, release))
    shutil.copyfile(keyring, root / "etc/pontive/update-keyring.pem")


def release_text(board: Board, release: Release) -> str:
    """Return ``/etc/pontive/release.toml``: what the device says it runs."""
    return (
        f'version = "{release.version}"\nnumber = {release.number}\n'
        f'board = "{board.family}"\nmodel = "{release.board_name}"\n'
    )


def clamp_times(root: Path, epoch: int) -> None:
    """Let nothing be younger than the epoch, so that the same tree has the same bytes."""
    for folder, names, files in os.walk(root, topdown=False):
        for name in (*names, *files):
            _clamp(Path(folder, name), epoch)
    _clamp(root, epoch)


def _clamp(path: Path, epoch: int) -> None:
    if path.lstat().st_mtime > epoch:
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def _write(path: Path, text: str, *, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(mode)


def _link(path: Path, target: str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)

"""``pontive-edge update``: what runs, and how far an update is; and bundles for simulated machines."""

from pathlib import Path
from typing import Any

from edge.config import EdgeConfig
from edge.update.building import SIMULATED_BOARD, system_of
from edge.update.life.progress import ProgressFile
from edge.update.port import BundleFacts, InstallError
from edge.update.simulated.bundle import pack, read_private_key

# Random in no way: the same release is the same file, so that it is had once.
_PAYLOAD = b"simulasi\n" * 100_000


def update_status(config: EdgeConfig) -> dict[str, Any]:
    """Return what runs and how far an update is, as plain values; ``running`` is None without slots."""
    progress = ProgressFile(Path(config.update.folder)).read()
    document = progress.document
    return {
        "running": _running(config),
        "state": str(progress.state),
        "since": None if progress.at is None else progress.at.isoformat(),
        "wanted": None if document is None else {"number": document.number, "version": document.name},
        "fault": None if progress.fault is None else str(progress.fault),
        "detail": progress.detail,
        "floor": progress.floor,
    }


def as_lines(found: dict[str, Any]) -> str:
    """Return the same for a person."""
    running, wanted = found["running"], found["wanted"]
    lines = ["running: this device has no second slot, it takes no updates"]
    if running is not None and "trouble" in running:
        lines = [f"running: unknown, {running['trouble']}"]
    elif running is not None:
        kept = "" if running["is_committed"] else ", on trial"
        lines = [f"running: {running['version']} (number {running['number']}), slot {running['slot']}{kept}"]
    if wanted is not None:
        lines.append(f"wanted: {wanted['version']} (number {wanted['number']})")
    lines.append(f"state: {found['state']} since {found['since'] or 'ever'}")
    if found["fault"]:
        lines.append(f"why: {found['fault']}. {found['detail']}")
    return "\n".join(lines)


def pack_simulated(path: Path, *, number: int, name: str, key: Path, starts: bool) -> None:
    """Write a bundle for simulated machines.

    Raises:
        ConfigError: there is no such key.
    """
    facts = BundleFacts(board=SIMULATED_BOARD, number=number, name=name)
    payload = f"{name}\n".encode() + _PAYLOAD
    pack(path, facts=facts, key=read_private_key(key), payload=payload, starts=starts)


def _running(config: EdgeConfig) -> dict[str, Any] | None:
    try:
        system = system_of(config.update)
        if system is None:
            return None
        status = system.status()
    except InstallError as error:
        return {"trouble": str(error)}
    return {
        "board": status.board,
        "slot": status.slot,
        "number": status.number,
        "version": status.name,
        "is_committed": status.is_committed,
    }

"""``pontive-hub keys``: the key that the hub signs with, changed without leaving a device behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.command_line import config_option
from hub.config import HubConfig
from hub.db import Database
from hub.enrolment.claiming.surroundings import issuing_authority
from hub.enrolment.issuing.key_rotation import not_there_yet, rotate
from hub.errors import InputError
from hub.people import audit
from hub.signing import KeyStep, read_hub_keys

Ready = Callable[[Path], AbstractContextManager[tuple[HubConfig, Database]]]

STANDS = {
    KeyStep.NONE: "one key signs and is trusted; no change is under way",
    KeyStep.ANNOUNCED: "the next key is announced; the old one signs",
    KeyStep.SWITCHED: "the new key signs; the old one is still trusted",
}
RESTART = "Start the hub again now (ingest and web). "
THEN = "When `pontive-hub keys status` names no device, rotate again: "
NEXT = {
    KeyStep.ANNOUNCED: RESTART + THEN + "the new key then signs.",
    KeyStep.SWITCHED: RESTART + THEN + "devices then forget the old key.",
    KeyStep.NONE: RESTART + "Devices forget the old key within minutes; the change is done.",
}
_MOST_NAMED = 10


def key_commands(ready: Ready, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens."""

    @click.group()
    def keys() -> None:
        """The key that the hub signs rosters, settings, letters and badges with."""

    @keys.command("status")
    @config_option
    def status(config_path: Path) -> None:
        """Say how far a change of keys is, and which devices have not taken the last step."""
        with ready(config_path) as (config, database):
            step = read_hub_keys(Path(config.signing_key)).step
            behind = _behind(config, database, now())
        click.echo(
            f"{STANDS[step]}; {len(behind)} devices have not said yet that they know: {_named(behind)}"
        )

    @keys.command("rotate")
    @config_option
    @click.option("--leave-behind", is_flag=True, help="Also when devices are away; they need a new code.")
    def rotate_keys(config_path: Path, leave_behind: bool) -> None:
        """Do the next of three steps: announce a new key, let it sign, end the old one."""
        with ready(config_path) as (config, database):
            path = Path(config.signing_key)
            behind = _behind(config, database, now())
            if behind and not leave_behind and read_hub_keys(path).step is not KeyStep.NONE:
                raise InputError(
                    f"{len(behind)} devices have not taken the last step: {_named(behind)}. Was the hub"
                    " started again since? Wait for them, or --leave-behind: they then need a new code"
                )
            done = rotate(path, new_key=Ed25519PrivateKey.generate())
            with database.writing() as db:
                audit.append(
                    db,
                    at=now(),
                    actor=operator,
                    action="hub.keys.rotate",
                    target=done.name.lower(),
                    detail=f"left behind: {_named(behind)}" if done is not KeyStep.ANNOUNCED else "",
                )
        click.echo(f"{STANDS[done]}.\n{NEXT[done]}")

    return keys


def _behind(config: HubConfig, database: Database, now: datetime) -> list[str]:
    digest = issuing_authority(config).trust_digest
    with database.reading() as db:
        return list(not_there_yet(db, digest, now))


def _named(devices: list[str]) -> str:
    more = f" and {len(devices) - _MOST_NAMED} more" if len(devices) > _MOST_NAMED else ""
    return (", ".join(devices[:_MOST_NAMED]) or "none") + more

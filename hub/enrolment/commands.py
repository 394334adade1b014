"""``pontive-hub enrolment``: claim codes, bundles and revocation from the command line."""

import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import click

from edge.wire.joining.enrolment import Role
from hub.command_line import config_option
from hub.config import HubConfig
from hub.db import Database
from hub.enrolment.claiming.bundles import make_bundle
from hub.enrolment.claiming.claims import Maker, Wanted, make_claim
from hub.enrolment.claiming.surroundings import issuing_authority, surroundings_of
from hub.enrolment.issuing.register import register_known
from hub.enrolment.issuing.revocation import revoke_device
from hub.errors import InputError
from hub.places.models import Device

Ready = Callable[[Path], AbstractContextManager[tuple[HubConfig, Database]]]

_role_option = click.option("--role", type=click.Choice([str(role) for role in Role]), default="camera")


def enrolment_commands(ready: Ready, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens."""

    @click.group()
    def enrolment() -> None:
        """Devices put into service, and taken out of it."""

    @enrolment.command("register")
    @config_option
    def register(config_path: Path) -> None:
        """Record certificates that were made elsewhere and lie in the hub's folder of devices."""
        with ready(config_path) as (config, database), database.writing() as db:
            trust = issuing_authority(config).trust_digest
            added = register_known(db, Path(config.device_certificates), trust_digest=trust, now=now())
        click.echo(f"{added} certificates recorded.")

    @enrolment.command("claim")
    @config_option
    @click.option("--device", required=True, help="Its id in the inventory, or a new one.")
    @click.option("--site", default="", help="Needed for a device that is not in the inventory.")
    @_role_option
    @click.option("--source", "typed", multiple=True, help="Where a camera is read: CAMERA=ADDRESS.")
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    def claim(
        config_path: Path, device: str, site: str, role: str, typed: tuple[str, ...], is_json: bool
    ) -> None:
        """Make a claim code for one device; it is shown once."""
        with ready(config_path) as (config, database), database.writing() as db:
            authority = issuing_authority(config)
            row = db.get(Device, device)
            wanted = Wanted(
                site=site or ("" if row is None else row.site),
                device=device,
                role=Role(role),
                sources=dict(_source_of(text) for text in typed),
            )
            made, code = make_claim(
                db,
                wanted,
                maker=Maker(operator),
                root_fingerprint=authority.root_fingerprint,
                now=now(),
                life=timedelta(hours=config.enrolment.claim_hours),
                random_bytes=secrets.token_bytes,
            )
            until = made.expires_at
        click.echo(json.dumps({"code": str(code), "until": until.isoformat()}) if is_json else str(code))

    @enrolment.command("bundle")
    @config_option
    @click.argument("device")
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @_role_option
    @click.option("--passphrase", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for.")
    def bundle(config_path: Path, device: str, file: Path, role: str, passphrase: str) -> None:
        """Write a device's whole identity into one encrypted FILE, for a site without network."""
        with ready(config_path) as (config, database), database.writing() as db:
            sealed = make_bundle(
                db,
                device,
                Role(role),
                passphrase,
                authority=issuing_authority(config),
                around=surroundings_of(config),
                certificates=Path(config.device_certificates),
                actor=operator,
                now=now(),
            )
            file.write_bytes(sealed)
        click.echo(f"{file}: on the device: pontive-edge enrol --bundle {file.name}")

    @enrolment.command("revoke")
    @config_option
    @click.argument("device")
    @click.option("--reason", required=True, help="Why; it is kept.")
    def revoke(config_path: Path, device: str, reason: str) -> None:
        """Take a device out of service at once; a running ingest tells the broker."""
        with ready(config_path) as (config, database), database.writing() as db:
            if db.get(Device, device) is None:
                raise InputError(f"perangkat {device!r} tidak ada di inventaris; periksa namanya")
            folder = Path(config.device_certificates)
            if not revoke_device(db, device, certificates=folder, actor=operator, reason=reason, now=now()):
                raise InputError(f"{device} is revoked already")
        click.echo(f"{device}: revoked.")

    return enrolment


def _source_of(text: str) -> tuple[str, str]:
    name, _, source = text.partition("=")
    return name, source

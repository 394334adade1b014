"""``pontive-provision image``: what ``./pontive image`` runs."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from provisioning.errors import ProvisioningError
from provisioning.image.building import Built, ImageBuild, project_version
from provisioning.image.keys import ensure_update_keys
from provisioning.image.proved import verdict
from provisioning.image.recipe import Release, board_names
from provisioning.image.system.agent import PROJECT
from provisioning.image.twice import REMADE, build_twice
from provisioning.image.workshop import Workshop, run

DEFAULT_FOLDER = PROJECT / ".image"
LOCKS = PROJECT / "firmware_images" / "locks"
FolderPath = click.Path(file_okay=False, path_type=Path)


@click.group()
def image() -> None:
    """Images of cards, and the bundles that update them."""


@image.command()
@click.option("--board", type=click.Choice(board_names()), default="virt", show_default=True)
@click.option("--version", default=project_version, help="What people read.")
@click.option(
    "--number", type=click.IntRange(min=1), default=1, show_default=True, help="Rises with each release."
)
@click.option("--folder", type=FolderPath, default=DEFAULT_FOLDER, help="Where everything is made and kept.")
@click.option("--keys", type=FolderPath, default=None, help="Of updates; made in FOLDER/keys when left out.")
@click.option("--mirror", envvar="PONTIVE_DEBIAN_MIRROR", help="Debian's archive, or a snapshot of it.")
@click.option("--bundle", is_flag=True, help="Make the signed update too.")
@click.option("--compress/--no-compress", default=True, help="Make the .img.zst that is handed out.")
@click.option("--locked", is_flag=True, help="Refuse other package versions than firmware_images/locks says.")
@click.option("--twice", is_flag=True, help="Make all of it a second time from the same packages; compare.")
@click.option("--lock", "is_locking", is_flag=True, help="Write the versions of this build there.")
@click.option("--json", "is_json", is_flag=True, help="End with JSON for a program.")
def build(
    board: str,
    version: str,
    number: int,
    folder: Path,
    keys: Path | None,
    mirror: str | None,
    bundle: bool,
    compress: bool,
    locked: bool,
    is_locking: bool,
    twice: bool,
    is_json: bool,
) -> None:
    """Build the image of a card for one kind of board."""
    key_folder = keys or folder / "keys"
    keyring = ensure_update_keys(key_folder, now=datetime.now(UTC))
    workshop = Workshop(folder / "steps", say=_say)
    release = Release(version, number, board)
    work = ImageBuild(workshop, release, keyring=keyring, mirror=mirror)
    for warning in work.board.warnings:
        click.echo(f"! {board}: {warning}", err=True)
    built = work.build()
    _check_versions(board, work.versions(built), is_locked=locked, is_locking=is_locking)
    result: dict[str, object] = {"card": str(built.card), "root": str(built.root), "boot": str(built.boot)}
    result |= {"board": board, "version": version, "number": number}
    stem = folder / "out" / f"pontive-{board}-{version}-{number}"
    stem.parent.mkdir(exist_ok=True)
    if compress:
        packed = stem.with_name(f"{stem.name}.img.zst")
        run(["zstd", "-q", "-f", "-T0", "-9", built.card, "-o", packed])
        result |= {"image": str(packed), "image_bytes_compressed": packed.stat().st_size}
    if bundle:
        update = stem.with_name(f"{stem.name}.raucb")
        work.bundle(built, update, certificate=key_folder / "signer.pem", key=key_folder / "signer.key")
        result |= {"bundle": str(update), "bundle_bytes": update.stat().st_size}
    if twice:
        result |= _compare(built, release, keyring=keyring, mirror=mirror, folder=folder / "steps")
    lines = (f"{key}: {value}" for key, value in result.items())
    click.echo(json.dumps(result) if is_json else "\n".join(lines))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _compare(
    built: Built, release: Release, *, keyring: Path, mirror: str | None, folder: Path
) -> dict[str, object]:
    workshop = Workshop(folder, say=_say, remade=REMADE)
    compared = build_twice(
        built, lambda other: ImageBuild(other, release, keyring=keyring, mirror=mirror).build(), workshop
    )
    if compared.different:
        raise ProvisioningError(f"the second build has other bytes: {', '.join(compared.different)}")
    return {"same_twice": compared.fingerprints}


@image.command()
@click.option("--project", type=FolderPath, default=PROJECT, hidden=True)
def proved(project: Path) -> None:
    """Say whether ./pontive image test ran well with these very files; exit code 1 when it has to run."""
    found = verdict(project)
    click.echo(f"image: {found.reason}{'' if found.is_proved else ': to be tried'}")
    sys.exit(0 if found.is_proved else 1)


def _check_versions(board: str, versions: dict[str, str], *, is_locked: bool, is_locking: bool) -> None:
    lock = LOCKS / f"{board}.txt"
    if is_locking:
        lock.parent.mkdir(exist_ok=True)
        lock.write_text("".join(f"{name} {versions[name]}\n" for name in sorted(versions)))
    changes = differences(lock, versions)
    if is_locked and changes:
        raise ProvisioningError(f"other packages than {lock.name} says: {', '.join(changes[:10])}")


def differences(lock: Path, versions: dict[str, str]) -> list[str]:
    """Return in words what differs from the list of package versions that was kept."""
    if not lock.exists():
        return [f"{lock.name} is not there"]
    kept = dict(line.split(" ", 1) for line in lock.read_text().splitlines())
    names = sorted(kept.keys() | versions.keys())
    return [
        f"{name} {kept.get(name, '-')} -> {versions.get(name, '-')}"
        for name in names
        if kept.get(name) != versions.get(name)
    ]

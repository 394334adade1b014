"""``./pontive sbom hub --advisories all.zip``: what we ship against published weaknesses, without network.

``all.zip`` is the export of a package registry by OSV (https://osv.dev, PyPI: one JSON file an advisory,
OSV schema 1.7, 2025), fetched by whoever makes a release. Exit code 0: nothing overdue; 1: something is
(docs/threats.md, "Libraries": 7 days for what is reached over a network, 30 for the rest); 2: wrong use.
"""

import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from packaging.version import InvalidVersion, Version

OVER_A_NETWORK, OTHERWISE = timedelta(days=7), timedelta(days=30)
# An export of fewer advisories is cut or of something else: it would say that all is well.
LEAST = 1_000


@dataclass(frozen=True, slots=True)
class Weakness:
    """One advisory about something that we ship."""

    package: str
    version: str
    advisory: str
    aliases: tuple[str, ...]
    published: date
    due: date
    fixed: tuple[str, ...]

    def line(self, today: date) -> str:
        """Return what a person must know."""
        names = ", ".join((self.advisory, *self.aliases))
        remedy = f"use {' or '.join(self.fixed)}" if self.fixed else "no fixed version is known"
        state = "OVERDUE since" if today > self.due else "due"
        head = f"{self.package} {self.version}: {names}, published {self.published}"
        return f"{head}; {remedy}; {state} {self.due}"


def normal(name: str) -> str:
    """Return a package's name as PyPI compares it (PEP 503, 2015)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def shipped_of(bill: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Return name and version of each component of a CycloneDX bill; some come in several versions."""
    return frozenset((normal(one["name"]), one["version"]) for one in bill["components"])


def weaknesses(
    shipped: Iterable[tuple[str, str]], advisories: Iterable[Mapping[str, Any]]
) -> Iterator[Weakness]:
    """Yield what stands in advisories about the versions that are shipped."""
    versions: dict[str, list[str]] = defaultdict(list)
    for name, version in sorted(shipped):
        versions[name].append(version)
    for told in advisories:
        for affected in () if told.get("withdrawn") else told.get("affected", ()):
            package = affected.get("package", {})
            name = normal(package.get("name", ""))
            for version in versions.get(name, ()) if package.get("ecosystem") == "PyPI" else ():
                if _is_hit(affected, version):
                    yield _weakness(name, version, told, affected)


def _weakness(name: str, version: str, told: Mapping[str, Any], affected: Mapping[str, Any]) -> Weakness:
    published = datetime.fromisoformat(told.get("published") or told["modified"]).date()
    return Weakness(
        package=name,
        version=version,
        advisory=told["id"],
        aliases=tuple(told.get("aliases", ())),
        published=published,
        due=published + (OVER_A_NETWORK if _is_over_a_network(told) else OTHERWISE),
        fixed=tuple(_fixed_after(affected, version)),
    )


def _is_hit(affected: Mapping[str, Any], version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM"]
    return any(_is_within(one["events"], Version(version)) for one in ranges)


def _is_within(events: Iterable[Mapping[str, str]], version: Version) -> bool:
    """Walk the events in their order, as the schema tells it."""
    is_in = False
    for _at, kind, bound in sorted(_points(events), key=lambda point: point[:2]):
        if kind == "introduced":
            is_in = is_in or version >= bound
        elif kind == "fixed":
            is_in = is_in and version < bound
        else:
            is_in = is_in and version <= bound
    return is_in


def _points(events: Iterable[Mapping[str, str]]) -> Iterator[tuple[Version, str, Version]]:
    for event in events:
        for kind, text in event.items():
            if kind in ("introduced", "fixed", "last_affected"):
                bound = _version(text)
                yield bound, kind, bound


def _fixed_after(affected: Mapping[str, Any], version: str) -> Iterator[str]:
    for one in affected.get("ranges", ()):
        if one.get("type") == "ECOSYSTEM":
            fixes = [event["fixed"] for event in one["events"] if "fixed" in event]
            yield from (fix for fix in fixes if _version(fix) > Version(version))


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion as error:
        raise click.UsageError(f"the export names a version {text!r} that is none: {error}") from error


def _is_over_a_network(told: Mapping[str, Any]) -> bool:
    scores = [str(one.get("score", "")) for one in told.get("severity", ())]
    # Without a vector the worst is assumed.
    return not scores or any("/AV:N" in one for one in scores)


def read_export(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the advisories of an export."""
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if name.endswith(".json"):
                yield json.loads(packed.read(name))


@click.command()
@click.argument("export", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--least", default=LEAST, show_default=True, help="Advisories that an export must have.")
def main(export: Path, least: int) -> None:
    """Compare a bill of materials (standard input) with an export of OSV."""
    shipped = shipped_of(json.load(sys.stdin))
    try:
        advisories = list(read_export(export))
    except (zipfile.BadZipFile, json.JSONDecodeError) as error:
        raise click.UsageError(f"{export}: no export of OSV: {error}") from error
    if len(advisories) < least:
        raise click.UsageError(f"{export}: {len(advisories)} advisories only; fetch PyPI/all.zip whole")
    today = datetime.now(UTC).date()
    newest = max(str(one.get("modified", "")) for one in advisories)[:10]
    found = sorted(weaknesses(shipped, advisories), key=lambda one: (one.due, one.package))
    for one in found:
        click.echo(one.line(today))
    overdue = sum(today > one.due for one in found)
    said = f"{len(shipped)} packages, {len(advisories)} advisories (newest {newest}): {len(found)} weaknesses"
    click.echo(f"{said}, {overdue} overdue")
    sys.exit(1 if overdue else 0)


if __name__ == "__main__":
    main(prog_name="./pontive sbom --advisories")

"""Definitions in the database: each version as it was when it came to be used, as long as there are cases.

A version that a case began with is never changed; what ships changed needs a higher version.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cases.definition.reading import digest, read_definitions
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import SYSTEM
from hub.cases.keeping.models import CaseRecord, DefinitionVersion
from hub.errors import ConfigError
from hub.people.permissions import Role

SHIPPED = Path(__file__).parents[1] / "definitions"


def known_roles() -> frozenset[str]:
    """Return the names of the roles that a definition may use."""
    return frozenset(role.value for role in Role)


def load_shipped(db: Session, *, now: datetime, folder: Path = SHIPPED) -> int:
    """Keep and publish what ships and is not kept yet; return how many versions were new or renewed.

    A version that the city published itself (``hub.cases.editor``) stays, whatever ships under its number.

    Raises:
        ConfigError: a shipped file differs from the version that cases already use.
        InputError: a file has a mistake; names every one.
    """
    definitions = read_definitions(folder, roles=known_roles())
    ours = [each for each in definitions if not _is_of_the_city(db, each)]
    return sum(keep_version(db, each, author=SYSTEM, now=now, is_published=True) for each in ours)


def keep_version(
    db: Session, definition: ServiceDefinition, *, author: str, now: datetime, is_published: bool
) -> bool:
    """Keep one version, or put it in the place of the same version that no case uses yet.

    Raises:
        ConfigError: cases use this version and it was another.
    """
    row = db.get(DefinitionVersion, (definition.code, definition.version))
    sha256 = digest(definition)
    # What has learned to say more since, and says nothing of it, is the same service.
    if row is not None and (row.sha256 == sha256 or _parsed(row.body) == definition):
        if is_published and row.published_at is None:
            row.published_at = now
        return False
    if row is not None and _is_used(db, definition.code, definition.version):
        raise ConfigError(
            f"layanan {definition.code!r} versi {definition.version} sudah dipakai dan tidak boleh berubah; "
            f"beri version = {definition.version + 1}"
        )
    row = row or DefinitionVersion(code=definition.code, version=definition.version)
    row.body, row.sha256 = msgspec.json.encode(definition).decode(), sha256
    row.kept_at, row.author = now, author
    row.published_at = now if is_published else None
    db.add(row)
    db.flush()
    return True


def definition_of(db: Session, code: str, version: int) -> ServiceDefinition:
    """Return the version that a case began with."""
    return _parsed(db.get_one(DefinitionVersion, (code, version)).body)


def of_case(db: Session, case: CaseRecord) -> ServiceDefinition:
    """Return the definition of a case."""
    return definition_of(db, case.service, case.version)


def newest(db: Session, code: str) -> ServiceDefinition | None:
    """Return the version that new cases begin with, or ``None`` for a service that is not offered."""
    query = (
        select(DefinitionVersion.body)
        .where(DefinitionVersion.code == code, DefinitionVersion.published_at.is_not(None))
        .order_by(DefinitionVersion.version.desc())
        .limit(1)
    )
    body = db.scalars(query).first()
    return None if body is None else _parsed(body)


def all_newest(db: Session) -> tuple[ServiceDefinition, ...]:
    """Return what is offered, in the order of the labels."""
    newest_of = (
        select(DefinitionVersion.code, func.max(DefinitionVersion.version).label("version"))
        .where(DefinitionVersion.published_at.is_not(None))
        .group_by(DefinitionVersion.code)
        .subquery()
    )
    query = select(DefinitionVersion.body).join(
        newest_of,
        (DefinitionVersion.code == newest_of.c.code) & (DefinitionVersion.version == newest_of.c.version),
    )
    return _by_label(db.scalars(query))


def all_kept(db: Session) -> tuple[ServiceDefinition, ...]:
    """Return every published version: cases of old ones still walk."""
    query = select(DefinitionVersion.body).where(DefinitionVersion.published_at.is_not(None))
    return _by_label(db.scalars(query))


def _by_label(bodies: Iterable[str]) -> tuple[ServiceDefinition, ...]:
    found = (_parsed(body) for body in bodies)
    return tuple(sorted(found, key=lambda each: (each.label.casefold(), each.version)))


def _is_of_the_city(db: Session, definition: ServiceDefinition) -> bool:
    row = db.get(DefinitionVersion, (definition.code, definition.version))
    return row is not None and row.author != SYSTEM


def _is_used(db: Session, code: str, version: int) -> bool:
    query = select(CaseRecord.id).where(CaseRecord.service == code, CaseRecord.version == version).limit(1)
    return db.scalars(query).first() is not None


# A city has some dozens of services; reading one takes longer than a page may.
@lru_cache(maxsize=1024)
def _parsed(body: str) -> ServiceDefinition:
    return msgspec.json.decode(body, type=ServiceDefinition)

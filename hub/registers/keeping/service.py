"""Rows kept one by one: new, changed, retired, restored. Takes a session, never commits.

Each change writes the next version of the row's history and an entry of the audit chain; nothing is
deleted. Bulk writing of files is in :mod:`hub.registers.importing.apply`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.people.models import Opd
from hub.people.offices.service import put_opd
from hub.registers.keeping.models import RegisterChange, RegisterOwner, RegisterRow
from hub.registers.keeping.names import referring_fields
from hub.registers.keeping.reach import RegisterReach, owned_on
from hub.registers.kind.fields import FieldKind, Kind, Owner, Quality
from hub.registers.kind.reading import kind_of, shipped_kinds
from hub.registers.kind.rules import Value
from hub.registers.kind.whole_rows import key_of, title_of, wrong_days, wrong_with

# The register of OPDs is where people add them; their number is what everything else refers to.
_OFFICES = "opd"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, when, and how far they may edit; ``today`` is the day in the city."""

    name: str
    now: datetime
    today: date
    reach: RegisterReach

    @property
    def may_moderate(self) -> bool:
        """Whether what they write is shown at once."""
        return self.reach.is_city


@dataclass(frozen=True, slots=True)
class Given:
    """A row as it should be; ``owner`` is for new rows only."""

    values: Mapping[str, Value]
    owner: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    quality: str = Quality.SURE.value
    note: str = field(default="")


def owner_of(db: Session, row: RegisterRow, day: date) -> int | None:
    """Return whose a row is on a day."""
    query = select(RegisterOwner.opd).where(owned_on(day), RegisterRow.id == row.id)
    return db.scalars(query).first()


def find_row(db: Session, kind: Kind, row_id: int, reach: RegisterReach, today: date) -> RegisterRow:
    """Return a row within reach.

    Raises:
        NotFoundError: there is none, or it is somebody else's: a stranger cannot tell which.
    """
    row = db.get(RegisterRow, row_id)
    if row is None or row.kind != kind.code or not reach.holds(owner_of(db, row, today), row.kelurahan):
        raise NotFoundError(f"{kind.code} {row_id}")
    return row


def add_row(db: Session, kind: Kind, given: Given, actor: Actor) -> RegisterRow:
    """Add a row.

    Raises:
        InputError: names the column and the remedy.
    """
    _check_owner(db, kind, given.owner, actor)
    given = moderated(kind, given, {}, actor)
    _check(db, kind, given, None)
    row = RegisterRow(kind=kind.code, version=1, is_retired=False)
    fill(kind, row, given, actor)
    db.add(row)
    db.flush()
    if given.owner is not None:
        start = given.valid_from if given.valid_from and given.valid_from < actor.today else actor.today
        db.add(RegisterOwner(row_id=row.id, opd=given.owner, valid_from=start))
    _after(db, kind, row, "new", given.note, actor)
    return row


def keep_row(
    db: Session, row: RegisterRow, given: Given, actor: Actor, *, version: int, act: str = "edit"
) -> bool:
    """Change a row; return whether something changed.

    Args:
        db: A writing session.
        row: Found within the actor's reach.
        given: All of it as it should be; the owner stays.
        actor: Who.
        version: The one that was on the screen: who saw an older row is told so.
        act: For the history: ``edit`` or ``bulk``.

    Raises:
        InputError: somebody else was first, or a column is wrong.
    """
    kind = kind_of(row.kind)
    check_version(db, row, version)
    if row.is_retired:
        raise InputError(f"{row.title}: sudah dihapus dari daftar; pulihkan dulu.")
    given = moderated(kind, given, row.values, actor)
    if snapshot_of(row) == _wanted(given):
        return False
    _check(db, kind, given, row)
    fill(kind, row, given, actor)
    row.version += 1
    _after(db, kind, row, act, given.note, actor)
    return True


def set_retired(db: Session, row: RegisterRow, *, is_retired: bool, actor: Actor, version: int) -> None:
    """Take a row off the list, or bring it back; its history stays.

    Raises:
        InputError: somebody else was first, or others still refer to it.
    """
    kind = kind_of(row.kind)
    check_version(db, row, version)
    if row.is_retired == is_retired:
        return
    if is_retired:
        _check_unreferred(db, kind, row)
    row.is_retired, row.changed_at, row.changed_by = is_retired, actor.now, actor.name
    row.version += 1
    _after(db, kind, row, "retire" if is_retired else "restore", "", actor)


def check_version(db: Session, row: RegisterRow, version: int) -> None:
    """Refuse who saw an older row.

    Raises:
        InputError: says who changed it.
    """
    db.refresh(row, with_for_update=True)
    if row.version != version:
        raise InputError(
            f"{row.title}: sementara itu diubah oleh {row.changed_by}; muat ulang halaman, lalu ubah lagi."
        )


def snapshot_of(row: RegisterRow) -> dict[str, Any]:
    """Return all of a row as its history keeps it."""
    return _snapshot(row.values, row.valid_from, row.valid_to, row.source, row.quality)


def moderated(kind: Kind, given: Given, was: Mapping[str, Any], actor: Actor) -> Given:
    """Return what may be written: who does not moderate cannot show a row, and their changes wait."""
    rule = kind.moderation
    if rule is None or actor.may_moderate or given.values.get(rule.field) not in rule.shown:
        return given
    if dict(given.values) == dict(was):
        return given
    values = {**given.values, rule.field: rule.queued}
    return Given(
        values=values,
        owner=given.owner,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        source=given.source,
        quality=given.quality,
        note=given.note or "menunggu tinjauan",
    )


def fill(kind: Kind, row: RegisterRow, given: Given, actor: Actor) -> None:
    """Write values and what is worked out of them into a row."""
    values = {name: value for name, value in given.values.items() if value not in (None, "", [])}
    row.values, row.key, row.title = values, key_of(kind, values), title_of(kind, values)
    row.words = words_of_row(values)
    row.kelurahan = next(
        (str(values.get(one.id, "")) for one in kind.fields if one.kind is FieldKind.KELURAHAN), ""
    )
    row.valid_from, row.valid_to = given.valid_from, given.valid_to
    row.source, row.quality = given.source, given.quality
    row.changed_at, row.changed_by = actor.now, actor.name


def words_of_row(values: Mapping[str, Value]) -> str:
    """Return what the search looks through."""
    return " ".join(str(one) for one in values.values() if isinstance(one, str | int)).casefold()[:4000]


def change_of(row: RegisterRow, act: str, note: str = "") -> RegisterChange:
    """Return the entry of the history for a row as it is now."""
    return RegisterChange(
        row_id=row.id,
        version=row.version,
        at=row.changed_at,
        actor=row.changed_by,
        act=act,
        snapshot=snapshot_of(row),
        note=note[:200],
    )


def _wanted(given: Given) -> dict[str, Any]:
    values = {name: value for name, value in given.values.items() if value not in (None, "", [])}
    return _snapshot(values, given.valid_from, given.valid_to, given.source, given.quality)


def _snapshot(
    values: Mapping[str, Any], valid_from: date | None, valid_to: date | None, source: str, quality: str
) -> dict[str, Any]:
    days = {
        "berlaku_dari": valid_from.isoformat() if valid_from else None,
        "berlaku_sampai": valid_to.isoformat() if valid_to else None,
    }
    return {**values, **days, "sumber": source, "mutu": quality}


def _check(db: Session, kind: Kind, given: Given, row: RegisterRow | None) -> None:
    for column, remedy in wrong_with(kind, given.values):
        raise InputError(f"{kind.field(column).label}: {remedy}")
    wrong = wrong_days(given.valid_from, given.valid_to)
    if wrong:
        raise InputError(wrong)
    key = key_of(kind, given.values)
    other = db.scalars(
        select(RegisterRow).where(RegisterRow.kind == kind.code, RegisterRow.key == key)
    ).first()
    if other is not None and (row is None or other.id != row.id):
        labels = ", ".join(kind.field(name).label for name in kind.key)
        gone = "; ada di yang dihapus, pulihkan yang itu" if other.is_retired else ""
        raise InputError(f"{labels}: sudah dipakai baris {other.title!r}{gone}")
    if row is not None and row.key != key:
        _check_unreferred(db, kind, row)


def _check_unreferred(db: Session, kind: Kind, row: RegisterRow) -> None:
    """Refuse to lose a key that others name."""
    spelled = str(row.values.get(kind.key[0], ""))
    for other, name in referring_fields(kind.code, shipped_kinds().values()):
        query = select(func.count()).where(
            RegisterRow.kind == other.code,
            RegisterRow.is_retired.is_(False),
            RegisterRow.values[name].as_string() == spelled,
        )
        found = db.scalar(query) or 0
        if found:
            raise InputError(
                f"{row.title}: masih dirujuk {found} baris di {other.label}; ubah yang itu dulu."
            )


def _check_owner(db: Session, kind: Kind, owner: int | None, actor: Actor) -> None:
    if kind.owner is Owner.CITY:
        if not actor.reach.is_city:
            raise NotFoundError(kind.code)
        if owner is not None:
            raise InputError(f"{kind.label}: milik kota; kosongkan OPD.")
        return
    if owner is None or db.get(Opd, owner) is None:
        raise InputError("OPD: pilih pemilik baris ini.")
    if not actor.reach.is_city and owner not in actor.reach.opds:
        raise NotFoundError(f"opd {owner}")


def _after(db: Session, kind: Kind, row: RegisterRow, act: str, note: str, actor: Actor) -> None:
    db.flush()
    db.add(change_of(row, act, note))
    if kind.code == _OFFICES and not row.is_retired:
        put_office(db, row, actor)
    detail = f"{row.title}; versi {row.version}"
    target = f"{kind.code}:{row.id}"
    audit.append(db, at=actor.now, actor=actor.name, action=f"register.{act}", target=target, detail=detail)


def put_office(db: Session, row: RegisterRow, actor: Actor) -> None:
    """Make an OPD of the register one of the city's, or give it its new name."""
    number, name = int(row.values["nomor"]), str(row.values["nama"])
    known = db.get(Opd, number)
    if known is None or known.name != name:
        put_opd(db, number=number, name=name[:120], actor=actor.name, now=actor.now)

"""Badges are issued and revoked here; whether somebody may is for the caller to know.

A badge is for people marked "tanpa ponsel" only. Who gets a new one loses the one before: a lost
badge must not go on working beside its replacement.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.hadir.codes import make_badge_code
from hub.errors import InputError
from hub.people import audit
from hub.people.badges.models import Badge
from hub.people.models import Opd, Person
from hub.signing import HubKeys

# Layout HB of the Hadir codes: a badge is good for at most 24 months.
LONGEST = timedelta(days=730)
# Nobody is sent home with a badge that dies before the next print run.
RENEW_BEFORE = timedelta(days=60)
MAX_SERIAL = 65_535


@dataclass(frozen=True, slots=True)
class PrintedBadge:
    """What stands on a card. ``code`` is the text of its QR code."""

    name: str
    opd: str
    person: int
    serial: int
    valid_until: date
    code: str

    @property
    def number(self) -> str:
        """Return what tells this card from every other, as ``101-2``."""
        return f"{self.person}-{self.serial}"


def is_good(badge: Badge, today: date) -> bool:
    """Return whether a badge opens doors on a day."""
    return badge.revoked_at is None and today <= badge.valid_until


def holders(db: Session, *, opd: int | None = None) -> tuple[int, ...]:
    """Return who may have a badge, in one OPD or the whole city, in order of their numbers."""
    query = select(Person.number).where(Person.is_active, Person.may_use_badge).order_by(Person.number)
    if opd is not None:
        query = query.where(Person.opd == opd)
    return tuple(db.scalars(query))


def issue_badges(
    db: Session,
    *,
    persons: Collection[int],
    valid_until: date,
    hub_key: int,
    today: date,
    actor: str,
    now: datetime,
) -> tuple[Badge, ...]:
    """Give each person a new badge; their earlier ones are revoked.

    Args:
        db: A writing session.
        persons: Who gets one.
        valid_until: The last day, at most :data:`LONGEST` away.
        hub_key: ``HubKeys.badge_number`` of the keys that the cards are printed with.
        today: In the city.
        actor: Who does it, for the audit.
        now: UTC.

    Raises:
        InputError: the last day is past or too far, or somebody may not have a badge.
    """
    if not today <= valid_until <= today + LONGEST:
        raise InputError(f"Kartu berlaku paling lama 24 bulan; isi tanggal sampai {today + LONGEST}.")
    numbers = sorted(set(persons))
    _refuse_others(db, numbers)
    held = _badges_of(db, numbers)
    issued = []
    for number in numbers:
        _withdraw(held[number], reason="diganti kartu baru", actor=actor, now=now)
        badge = _next_badge(number, held[number], valid_until=valid_until, actor=actor, now=now)
        badge.hub_key = hub_key
        issued.append(badge)
    db.add_all(issued)
    db.flush()
    _note(db, "badge.issue", issued, actor, now)
    return tuple(issued)


def badges_to_print(
    db: Session,
    *,
    persons: Collection[int],
    valid_until: date,
    hub_key: int,
    today: date,
    actor: str,
    now: datetime,
) -> tuple[Badge, ...]:
    """Return a badge for each person: the one they have, or a new one if it ran out or soon will.

    Args:
        db: A writing session.
        persons: Who gets a card.
        valid_until: The last day of new ones.
        hub_key: As for :func:`issue_badges`; one that is printed again is signed with it too.
        today: In the city.
        actor: Who does it, for the audit.
        now: UTC.

    Raises:
        InputError: as :func:`issue_badges`.
    """
    enough = min(today + RENEW_BEFORE, valid_until)
    good = [
        badge
        for held in _badges_of(db, sorted(set(persons))).values()
        for badge in held
        if is_good(badge, today) and badge.valid_until >= enough
    ]
    missing = set(persons) - {badge.person_number for badge in good}
    for badge in good:
        badge.hub_key = hub_key
    made = issue_badges(
        db,
        persons=missing,
        valid_until=valid_until,
        hub_key=hub_key,
        today=today,
        actor=actor,
        now=now,
    )
    return tuple(sorted((*good, *made), key=lambda badge: badge.person_number))


def revoke_badge(db: Session, *, person: int, serial: int, reason: str, actor: str, now: datetime) -> None:
    """Make a badge worthless, at every door as soon as it has the next roster.

    Raises:
        InputError: there is no such badge.
    """
    badge = db.get(Badge, (person, serial))
    if badge is None:
        raise InputError(f"Kartu {person}-{serial} tidak ada; periksa nomor pada kartu.")
    _note(db, "badge.revoke", _withdraw([badge], reason=reason, actor=actor, now=now), actor, now)


def revoke_all_of(db: Session, *, person: int, reason: str, actor: str, now: datetime) -> None:
    """Revoke every badge of a person that still counts."""
    held = _badges_of(db, [person])[person]
    _note(db, "badge.revoke", _withdraw(held, reason=reason, actor=actor, now=now), actor, now)


def badges_of(db: Session, person: int) -> tuple[Badge, ...]:
    """Return all badges of a person, the newest first."""
    return tuple(reversed(_badges_of(db, [person])[person]))


def revoked_badges(db: Session) -> tuple[tuple[int, int], ...]:
    """Return (person, serial) of every revoked badge, for rosters."""
    query = select(Badge.person_number, Badge.serial).where(Badge.revoked_at.is_not(None))
    rows = db.execute(query.order_by(Badge.person_number, Badge.serial))
    return tuple((person, serial) for person, serial in rows)


def printed(db: Session, badges: Sequence[Badge], keys: HubKeys) -> Iterator[PrintedBadge]:
    """Yield what stands on each card, signed anew: the same key gives the same code.

    Args:
        db: Any session.
        badges: In the order of the sheets.
        keys: The hub's own; the one in force signs, also cards that were first signed with one before.
    """
    numbers = [badge.person_number for badge in badges]
    rows = db.execute(
        select(Person.number, Person.short_name, Opd.name)
        .join(Opd, Opd.number == Person.opd, isouter=True)
        .where(Person.number.in_(numbers))
    )
    people = {number: (name, opd or "") for number, name, opd in rows}
    for badge in badges:
        name, opd = people[badge.person_number]
        person, serial, valid_until = badge.person_number, badge.serial, badge.valid_until
        code = make_badge_code(
            keys.signing, hub_key=keys.badge_number, person=person, serial=serial, valid_until=valid_until
        )
        yield PrintedBadge(name, opd, person, serial, valid_until, code)


def _refuse_others(db: Session, numbers: Sequence[int]) -> None:
    is_allowed = (Person.number.in_(numbers), Person.is_active, Person.may_use_badge)
    others = sorted(set(numbers) - set(db.scalars(select(Person.number).where(*is_allowed))))
    if others:
        listed = ", ".join(str(number) for number in others[:10])
        more = f" dan {len(others) - 10} lagi" if len(others) > 10 else ""
        raise InputError(
            f"Kartu hanya untuk pegawai aktif bertanda tanpa ponsel; belum bertanda: nomor {listed}{more}."
        )


def _badges_of(db: Session, numbers: Sequence[int]) -> dict[int, list[Badge]]:
    found: dict[int, list[Badge]] = defaultdict(list)
    query = select(Badge).where(Badge.person_number.in_(numbers))
    for badge in db.scalars(query.order_by(Badge.person_number, Badge.serial)):
        found[badge.person_number].append(badge)
    return found


def _withdraw(badges: Sequence[Badge], *, reason: str, actor: str, now: datetime) -> list[Badge]:
    still_good = [badge for badge in badges if badge.revoked_at is None]
    for badge in still_good:
        badge.revoked_at, badge.revoked_by, badge.reason = now, actor, reason.strip()[:120]
    return still_good


def _next_badge(
    number: int, earlier: Sequence[Badge], *, valid_until: date, actor: str, now: datetime
) -> Badge:
    serial = earlier[-1].serial + 1 if earlier else 1
    if serial > MAX_SERIAL:
        raise InputError(f"Pegawai nomor {number} sudah memakai semua {MAX_SERIAL} nomor kartu.")
    return Badge(
        person_number=number,
        serial=serial,
        valid_until=valid_until,
        issued_at=now,
        issued_by=actor,
    )


def _note(db: Session, action: str, badges: Sequence[Badge], actor: str, now: datetime) -> None:
    """Write one entry for a whole run: thousands of entries would say the same."""
    if not badges:
        return
    db.flush()
    listed = ",".join(f"{badge.person_number}-{badge.serial}" for badge in badges)
    target = f"badge:{listed}" if len(badges) == 1 else f"badges:{len(badges)}"
    audit.append(db, at=now, actor=actor, action=action, target=target, detail=listed)

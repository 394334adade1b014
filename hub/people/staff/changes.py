"""What is changed about one employee by hand: name, place, the mark "tanpa ponsel", leaving, returning.

Whether somebody may is for the caller to know. Past placements are never changed: they decide what
a day was worth.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.errors import InputError, NotFoundError
from hub.people import audit, sessions
from hub.people.badges.service import revoke_all_of
from hub.people.importing.cells import MAX_NAME_LETTERS
from hub.people.models import Account, EnrolmentCode, Opd, Person, PersonAccount, Placement, Unit


class StaffChanges:
    """Changes in the name of somebody, at a time."""

    def __init__(self, db: Session, *, actor: str, today: date, now: datetime) -> None:
        """Take a writing session and who acts."""
        self._db, self._actor, self._today, self._now = db, actor, today, now

    def rename(self, number: int, name: str) -> None:
        """Change the name that doors show.

        Raises:
            InputError: empty or longer than a door's screen.
        """
        name = " ".join(name.split())
        if not 1 <= len(name) <= MAX_NAME_LETTERS or not name.isprintable():
            raise InputError(f"Isi nama 1-{MAX_NAME_LETTERS} huruf, seperti yang tampil di pintu.")
        person = self._person(number)
        if person.short_name != name:
            person.short_name = name
            self._changed(person, "staff.rename")

    def mark_without_phone(self, number: int, *, may_use_badge: bool) -> None:
        """Allow or forbid a badge; who may have none any more loses the one there is."""
        person = self._person(number)
        if person.may_use_badge == may_use_badge:
            return
        person.may_use_badge = may_use_badge
        self._changed(person, "staff.badge-allowed" if may_use_badge else "staff.badge-forbidden")
        if not may_use_badge:
            reason = "tidak lagi tanpa ponsel"
            revoke_all_of(self._db, person=number, reason=reason, actor=self._actor, now=self._now)

    def place(self, number: int, *, opd: int, unit: int, since: date) -> None:
        """Place an employee somewhere from a day on; the place before ends the day before.

        Raises:
            InputError: no such office, or a day before the newest place began.
        """
        self._check_office(opd, unit)
        person, newest = self._person(number), self._newest(number)
        if newest is not None and since < newest.valid_from:
            raise InputError(
                f"Pegawai ini sudah ditempatkan sejak {newest.valid_from}; pilih tanggal itu atau sesudahnya."
            )
        if newest is not None and newest.valid_from == since:
            newest.opd, newest.unit, newest.valid_to = opd, unit, None
        else:
            if newest is not None and (newest.valid_to is None or newest.valid_to >= since):
                newest.valid_to = since - timedelta(days=1)
            self._db.add(Placement(person_number=number, opd=opd, unit=unit, valid_from=since))
        person.opd, person.is_active = opd, True
        self._changed(person, "staff.place", f"opd {opd}, unit {unit}, {since}")

    def leave(self, number: int, *, last_day: date) -> None:
        """Let an employee go after a day; one that is not ahead counts at once, at every door.

        Raises:
            InputError: the day lies before the newest place began.
        """
        person, newest = self._person(number), self._newest(number)
        if newest is not None and last_day < newest.valid_from:
            raise InputError(f"Hari terakhir tidak boleh sebelum penempatan terakhir, {newest.valid_from}.")
        if newest is not None:
            newest.valid_to = last_day
        if last_day <= self._today:
            person.is_active = False
            self._close_ways_in(number)
        self._changed(person, "staff.leave", str(last_day))

    def _close_ways_in(self, number: int) -> None:
        """Withdraw what would still open something: codes, badges, the account."""
        is_open = (EnrolmentCode.used_at.is_(None), EnrolmentCode.withdrawn_at.is_(None))
        self._db.execute(
            update(EnrolmentCode)
            .where(EnrolmentCode.person_number == number, *is_open)
            .values(withdrawn_at=self._now)
        )
        revoke_all_of(self._db, person=number, reason="keluar", actor=self._actor, now=self._now)
        owner = select(PersonAccount.account_id).where(PersonAccount.person_number == number)
        account = self._db.scalars(select(Account).where(Account.id.in_(owner))).first()
        if account is not None and not account.is_disabled:
            account.is_disabled = True
            sessions.end_all(self._db, account_id=account.id, now=self._now)
            self._note("account.disable", f"account:{account.name}")

    def _person(self, number: int) -> Person:
        person = self._db.get(Person, number)
        if person is None:
            raise NotFoundError(f"pegawai {number}")
        return person

    def _newest(self, number: int) -> Placement | None:
        query = select(Placement).where(Placement.person_number == number)
        return self._db.scalars(query.order_by(Placement.valid_from.desc())).first()

    def _check_office(self, opd: int, unit: int) -> None:
        if self._db.get(Opd, opd) is None:
            raise InputError("OPD itu tidak ada; pilih dari daftar.")
        found = self._db.get(Unit, unit) if unit else None
        if unit and (found is None or found.opd != opd):
            raise InputError("Unit itu bukan bagian OPD yang dipilih; pilih unit dari OPD itu.")

    def _changed(self, person: Person, action: str, detail: str = "") -> None:
        # Doors are sent a new roster when this moves.
        person.changed_at = self._now
        self._db.flush()
        self._note(action, f"person:{person.number}", detail)

    def _note(self, action: str, target: str, detail: str = "") -> None:
        audit.append(self._db, at=self._now, actor=self._actor, action=action, target=target, detail=detail)


def placements_of(db: Session, number: int) -> tuple[Placement, ...]:
    """Return where somebody works and worked, the newest first."""
    query = select(Placement).where(Placement.person_number == number)
    return tuple(db.scalars(query.order_by(Placement.valid_from.desc())))

"""Citizens as rows: written, found, verified. Takes a session, never commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.citizens.about_you import AboutYou
from hub.cases.citizens.holding import before_change
from hub.cases.citizens.models import CitizenPerson, NikReveal
from hub.cases.citizens.nik import NikBox
from hub.cases.citizens.population import Match, Population
from hub.cases.citizens.vault import unverify
from hub.errors import InputError
from hub.people import audit

LEAST_PURPOSE, MOST_PURPOSE = 10, 200


def keep_person(
    db: Session,
    said: AboutYou,
    *,
    box: NikBox,
    match: Match,
    now: datetime,
    person: CitizenPerson | None = None,
) -> CitizenPerson:
    """Write what somebody said of themselves: into a new row, or into their own.

    What an officer verified, the documents too, does not stay verified when name or NIK changes.

    Raises:
        InputError: a letter is being made of what would change.
    """
    digest = box.digest(said.nik)
    if person is None:
        person = CitizenPerson(added_at=now, verified_at=None, verified_by=None)
        db.add(person)
    else:
        before_change(db, person, said, digest)
        if (person.name, person.nik_digest) != (said.name, digest):
            person.verified_at = person.verified_by = None
            unverify(db, person)
    person.name, person.nik_digest, person.nik_kept = said.name, digest, box.hide(said.nik)
    person.birth_place, person.birth_date = said.birth_place, said.birth_date
    person.occupation, person.address, person.kelurahan = said.occupation, said.address, said.kelurahan
    person.phone, person.email = said.phone, said.email
    person.match, person.matched_at, person.changed_at = match, now, now
    db.flush()
    return person


def match_fault(population: Population, said: AboutYou) -> tuple[Match, str]:
    """Ask the register; return its answer and the sentence that stops the form, empty when nothing does."""
    match = population.match(nik=said.nik, name=said.name)
    if match is Match.DIFFERENT:
        return match, "NIK: tidak cocok dengan nama ini di data kependudukan; tulis keduanya seperti pada KTP"
    return match, ""


def verified_with(db: Session, digest: str) -> CitizenPerson | None:
    """Return whom an officer verified with a NIK, the latest of them."""
    query = (
        select(CitizenPerson)
        .where(CitizenPerson.nik_digest == digest, CitizenPerson.verified_at.is_not(None))
        .order_by(CitizenPerson.verified_at.desc())
        .limit(1)
    )
    return db.scalars(query).first()


def verify(db: Session, person: CitizenPerson, *, account: int, actor: str, now: datetime) -> None:
    """Note that an officer saw the KTP of somebody."""
    person.verified_by, person.verified_at = account, now
    db.flush()
    audit.append(db, at=now, actor=actor, action="citizen.verify", target=f"citizen:{person.id}")


def reveal_nik(
    db: Session,
    person: CitizenPerson,
    *,
    box: NikBox,
    purpose: str,
    account: int,
    actor: str,
    now: datetime,
) -> str:
    """Return a NIK whole; who saw it and what for is noted for the audit and for its owner.

    Raises:
        InputError: no purpose that its owner could understand.
    """
    purpose = " ".join(purpose.split())
    if not LEAST_PURPOSE <= len(purpose) <= MOST_PURPOSE:
        raise InputError(
            f"Tujuan: tulis {LEAST_PURPOSE} sampai {MOST_PURPOSE} huruf; pemilik NIK akan membacanya"
        )
    _note(db, person, account, purpose, now)
    audit.append(
        db, at=now, actor=actor, action="nik.reveal", target=f"citizen:{person.id}", detail=purpose[:120]
    )
    return box.open(person.nik_kept)


def note_look_up(
    db: Session, person: CitizenPerson | None, *, account: int, actor: str, now: datetime
) -> None:
    """Note that a counter asked for somebody by NIK, for the audit; who was found can read it too."""
    found = "" if person is None else f"citizen:{person.id}"
    audit.append(db, at=now, actor=actor, action="citizen.find", target=found or "citizen")
    if person is not None:
        _note(db, person, account, "Dicari di loket dengan NIK; melihat nama dan daftar brankas", now)


def note_filing(db: Session, person: CitizenPerson, number: str, *, account: int, now: datetime) -> None:
    """Note for its owner that a counter filed a case with what is stored of them."""
    _note(db, person, account, f"Permohonan {number} diajukan di loket dengan data dan brankas Anda", now)


def _note(db: Session, person: CitizenPerson, account: int, purpose: str, now: datetime) -> None:
    db.add(
        NikReveal(
            person_id=person.id, nik_digest=person.nik_digest, account_id=account, purpose=purpose, at=now
        )
    )
    db.flush()


def reveals_of(db: Session, person: CitizenPerson) -> list[NikReveal]:
    """Return who saw a NIK whole, newest first; once it is verified as theirs, in every row it stands in."""
    is_theirs = NikReveal.person_id == person.id
    if person.verified_at is not None:
        is_theirs = NikReveal.nik_digest == person.nik_digest
    return list(db.scalars(select(NikReveal).where(is_theirs).order_by(NikReveal.id.desc())))


def as_typed(person: CitizenPerson) -> Mapping[str, tuple[str, ...]]:
    """Return a person as answers of the form; the NIK is left out, as it must be typed again to change."""
    born = "" if person.birth_date is None else person.birth_date.isoformat()
    return {
        "diri_name": (person.name,),
        "diri_birth_place": (person.birth_place,),
        "diri_birth_date": (born,),
        "diri_occupation": (person.occupation,),
        "diri_address": (person.address,),
        "diri_kelurahan": (person.kelurahan,),
        "diri_phone": (person.phone,),
        "diri_email": (person.email,),
    }

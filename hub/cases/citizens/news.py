"""News of a case by e-mail: only to an address whose owner asked for it. Takes a session, never commits.

Whoever fills in a form may type anybody's address. The first message says nothing of the case but its
number and asks; all others wait until its link was opened and confirmed.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cases.citizens.models import CitizenAccount, CitizenEmail, CitizenPerson
from hub.notify.service import Channel, Recipient, queue

# Of all applications together: somebody else's mailbox is not to be filled from our forms.
ASKED_IN = (3, timedelta(days=1))


def may_be_told(db: Session, person: CitizenPerson) -> bool:
    """Return whether somebody confirmed their address, here or by signing in to their account with it."""
    address = _tidy(person.email)
    if not address:
        return False
    row = db.get(CitizenEmail, person.id)
    if row is not None and row.address == address and row.confirmed_at is not None:
        return True
    own_account = (
        select(CitizenAccount.id)
        .join(CitizenPerson, CitizenPerson.id == CitizenAccount.person_id)
        .where(CitizenAccount.address == address, CitizenPerson.nik_digest == person.nik_digest)
    )
    return db.scalars(own_account).first() is not None


def ask_to_confirm(db: Session, person: CitizenPerson, number: str, now: datetime) -> None:
    """Ask an address whether it wants news; not again for the same person, and not too often in a day."""
    address, (most, within) = _tidy(person.email), ASKED_IN
    row = db.get(CitizenEmail, person.id)
    recent = select(func.count()).where(CitizenEmail.address == address, CitizenEmail.asked_at > now - within)
    if (row is not None and row.address == address) or (db.scalar(recent) or 0) >= most:
        return
    token = secrets.token_urlsafe(18)
    digest = _digest(token)
    db.merge(
        CitizenEmail(
            person_id=person.id, address=address, token_digest=digest, asked_at=now, confirmed_at=None
        )
    )
    db.flush()
    queue(
        db,
        to=Recipient(Channel.EMAIL, person.email),
        subject=f"Konfirmasi alamat untuk kabar permohonan {number}",
        text="Alamat ini ditulis pada sebuah permohonan ke kota. Buka tautan ini bila Anda ingin menerima "
        "kabarnya; abaikan bila bukan Anda, dan tidak ada kabar lain yang kami kirim.",
        link=f"/warga/kabar/{token}",
        now=now,
        about=f"citizen-email:{digest}",
    )


def asked_of(db: Session, token: str) -> CitizenEmail | None:
    """Return which address a link was sent to."""
    return db.scalars(select(CitizenEmail).where(CitizenEmail.token_digest == _digest(token[:64]))).first()


def confirm(db: Session, row: CitizenEmail, now: datetime) -> CitizenPerson | None:
    """Note that the owner of an address wants news; return whose, unless they changed it since."""
    person = db.get_one(CitizenPerson, row.person_id)
    if _tidy(person.email) != row.address:
        return None
    row.confirmed_at = row.confirmed_at or now
    db.flush()
    return person


def _tidy(address: str) -> str:
    return address.strip().casefold()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

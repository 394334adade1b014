"""What is on the market, and questions about it. Takes a session, never commits."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.registers.keeping.publishing import published
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import plain
from hub.registers.market.models import MarketEnquiry
from hub.registers.market.telling import BY_EMAIL, Offer, tell_seller

# A question older than that helps nobody, and it has somebody's telephone number in it.
KEPT_FOR = timedelta(days=90)
# Of one product on one day: more is somebody's joke.
MOST_A_DAY = 50
_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}|\+?[0-9][0-9 ()./-]{5,24}")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed who wants to buy."""

    name: str
    contact: str
    text: str


def offers(db: Session, today: date, *, words: str = "", group: str = "") -> list[Offer]:
    """Return what is shown: products that were looked over, of sellers that were, by name."""
    sellers = {
        plain(str(row.values["nama"])): row for row, _o in db.execute(published(kind_of("penjual"), today))
    }
    found = []
    for product, _owner in db.execute(published(kind_of("produk"), today)):
        seller = sellers.get(plain(str(product.values["penjual"])))
        if seller is None or (group and product.values.get("kelompok") != group):
            continue
        if all(word in f"{product.words} {seller.words}" for word in words.casefold().split()):
            found.append(Offer(product, seller))
    return found


def offer(db: Session, number: int, today: date) -> Offer:
    """Return one product that is shown.

    Raises:
        NotFoundError: there is none, or it is not shown.
    """
    found = next((one for one in offers(db, today) if one.product.id == number), None)
    if found is None:
        raise NotFoundError(f"produk {number}")
    return found


def read_question(name: str, contact: str, text: str) -> tuple[Question, dict[str, str]]:
    """Return what somebody typed, and what is wrong with which field."""
    asked = Question(
        " ".join(name.split())[:80], " ".join(contact.split())[:80], text.strip().replace("\r\n", "\n")[:1000]
    )
    faults = {}
    if not asked.name:
        faults["nama"] = "isi nama Anda"
    if not _CONTACT.fullmatch(asked.contact):
        faults["kontak"] = "isi nomor telepon atau e-mail, supaya penjual dapat menjawab"
    if len(asked.text) < 5:
        faults["pertanyaan"] = "tulis pertanyaan Anda"
    return asked, faults


def ask(db: Session, one: Offer, question: Question, now: datetime) -> MarketEnquiry:
    """Keep a question, and send it to the seller; who has no e-mail is told by those who pass it on.

    Raises:
        InputError: there were too many today.
    """
    query = select(func.count()).where(
        MarketEnquiry.product == one.product.id, MarketEnquiry.at > now - timedelta(days=1)
    )
    if (db.scalar(query) or 0) >= MOST_A_DAY:
        raise InputError("Terlalu banyak pertanyaan hari ini; coba lagi besok.")
    row = MarketEnquiry(
        product=one.product.id, name=question.name, contact=question.contact, text=question.text, at=now
    )
    db.add(row)
    db.flush()
    if tell_seller(db, one, row, now):
        row.passed_on_at, row.passed_on_by = now, BY_EMAIL
    return row


def enquiries_of(db: Session, product: int) -> list[MarketEnquiry]:
    """Return the questions about a product, the newest first."""
    query = select(MarketEnquiry).where(MarketEnquiry.product == product)
    return list(db.scalars(query.order_by(MarketEnquiry.at.desc()).limit(200)))


def pass_on(db: Session, product: int, number: int, *, actor: str, now: datetime) -> None:
    """Note that the seller was told of a question.

    Raises:
        NotFoundError: the product has no such question.
    """
    row = db.get(MarketEnquiry, number)
    if row is None or row.product != product:
        raise NotFoundError(f"pertanyaan {number}")
    if row.passed_on_at is None:
        row.passed_on_at, row.passed_on_by = now, actor
        audit.append(db, at=now, actor=actor, action="market.pass-on", target=f"enquiry:{number}")


def forget_old(db: Session, now: datetime) -> int:
    """Forget questions that are too old; return how many."""
    old = delete(MarketEnquiry).where(MarketEnquiry.at < now - KEPT_FOR)
    return int(getattr(db.execute(old), "rowcount", 0))

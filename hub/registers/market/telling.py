"""Telling who sells that somebody asked: by e-mail, through the outbox. Never commits, never sends."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.notify.service import Channel, Recipient, queue
from hub.registers.keeping.models import RegisterRow
from hub.registers.market.models import MarketEnquiry

BY_EMAIL = "e-mail"


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that is shown, with who sells it."""

    product: RegisterRow
    seller: RegisterRow


def tell_seller(db: Session, one: Offer, row: MarketEnquiry, now: datetime) -> bool:
    """Put a question into the outbox for the seller; return whether there is an address for it."""
    address = one.seller.values.get("email")
    if not address:
        return False
    text = (
        f"{row.name} bertanya tentang {one.product.title}:\n\n{row.text}\n\n"
        f"Jawab langsung ke {row.contact}. Pontive tidak menyimpan jawaban Anda,"
        " dan menghapus pertanyaan ini setelah 90 hari."
    )
    return queue(
        db,
        to=Recipient(Channel.EMAIL, str(address)),
        subject=f"Pertanyaan tentang {one.product.title}",
        text=text,
        link=f"/pasar-warga/{one.product.id}",
        now=now,
        about=f"market-enquiry:{row.id}",
    )

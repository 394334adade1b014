"""Telling an OPD that a finding was sent to it, and the control room what came of it. Never commits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.findings.kinds import WORDS
from hub.cctv.findings.register import FindingLine
from hub.cctv.findings.rules import OF_MAKER, STATE_WORDS, Act
from hub.notify.models import NotifyAddress
from hub.notify.service import Channel, Recipient, queue
from hub.people.models import Account, RoleGrant
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind


def tell(db: Session, line: FindingLine, act: Act, *, link: str, now: datetime) -> int:
    """Put messages into the outbox for the other side; return for how many addresses.

    Args:
        db: A writing session.
        line: The finding, after the act.
        act: What was done with it.
        link: Path of its page.
        now: The present.
    """
    finding = line.finding
    accounts = _answerers(db, finding.opd, now) if act in OF_MAKER else {finding.made_by}
    subject = f"Temuan {finding.id} {STATE_WORDS[line.state]}: {WORDS[line.kind]}, {line.site}"
    lines = [subject, f"Kamera: {line.camera}", f"OPD: {line.opd or '—'}"]
    if finding.due_on is not None:
        lines.append(f"Tenggat: {finding.due_on:%d-%m-%Y}")
    count = 0
    for row in _addresses(db, accounts):
        to = Recipient(Channel(row.channel), row.address, row.account_id)
        about = f"finding:{finding.id}:{finding.state}:{now.isoformat()}"
        count += queue(db, to=to, subject=subject, text="\n".join(lines), link=link, now=now, about=about)
    return count


def _answerers(db: Session, opd: int | None, now: datetime) -> set[int]:
    """Return the accounts that answer for this OPD; those of the whole city read the register."""
    roles = [role for role in Role if Permission.FINDING_ANSWER in PERMISSIONS_OF_ROLE[role]]
    grants = db.scalars(
        select(RoleGrant).where(
            RoleGrant.role.in_(roles),
            RoleGrant.scope_kind == ScopeKind.OPD,
            RoleGrant.scope_id == str(opd),
            RoleGrant.valid_from <= now,
        )
    )
    return {grant.account_id for grant in grants if grant.valid_to is None or now < grant.valid_to}


def _addresses(db: Session, accounts: Iterable[int]) -> Iterable[NotifyAddress]:
    return db.scalars(
        select(NotifyAddress)
        .join(Account, Account.id == NotifyAddress.account_id)
        .where(NotifyAddress.account_id.in_(tuple(accounts)), Account.is_disabled.is_(False))
        .order_by(NotifyAddress.id)
    ).all()

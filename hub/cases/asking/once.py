"""A form that is sent twice files one case: a double press, a reload, a browser that tries again.

The token's row is written first and in the same transaction: the second sender waits for the first
and then finds its case; when the first came to nothing, so did its row.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.cases.asking.models import SentForm

# A form may stand open over night, and a complaint wait for a month on a phone without network
# (js/portal/sending.js); what is older is only a table that grows.
KEPT_FOR = timedelta(days=60)
_SHORTEST, _LONGEST = 16, 64


def new_token() -> str:
    """Return a token for a form that is about to be shown."""
    return secrets.token_urlsafe(18)


def begin_sending(db: Session, token: str, now: datetime) -> SentForm:
    """Return the row of a token: a new one, or that of the form when it was sent before.

    Args:
        db: A writing session.
        token: Of the form; one that is none of ours counts as a new form.
        now: The present.
    """
    usable = token if _SHORTEST <= len(token) <= _LONGEST else new_token()
    digest = hashlib.sha256(usable.encode()).hexdigest()
    row = SentForm(token_digest=digest, case_id=None, sent_at=now)
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        # On PostgreSQL only after whoever sent it first has committed.
        return db.get_one(SentForm, digest)
    return row


def forget_old(db: Session, now: datetime) -> None:
    """Delete the rows of forms that were sent long ago."""
    db.execute(delete(SentForm).where(SentForm.sent_at < now - KEPT_FOR))

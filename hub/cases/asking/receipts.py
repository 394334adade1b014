"""What this browser may act on: cases it filed or typed the PIN of. Kept in its signed cookie.

The PIN is shown on the receipt as long as the browser stays open, and nowhere after. At a counter
it is shown once: the browser there belongs to no applicant.
"""

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from hub.cases.keeping.models import CaseRecord
from hub.web.guarding.guard import viewer

_PINS, _KNOWN, _HANDED = "tanda_terima", "berkas", "loket_pin"
# A cookie holds four kilobytes.
_MOST = 12


def to_receipt(case: CaseRecord, pin: str) -> Response:
    """Send the browser to the receipt of a case that it just filed; from now on it may act on it.

    In the browser of an officer, who keeps it open for the next citizen, only if the case is theirs.
    """
    officer = viewer()
    if officer is not None and case.applicant_account != officer.account_id:
        session[_HANDED] = {case.tracking_code: pin}
        return redirect(url_for("services.receipt", code=case.tracking_code), code=303)
    kept = dict(session.get(_PINS, {}))
    kept.pop(case.tracking_code, None)
    kept[case.tracking_code] = pin
    session[_PINS] = dict(list(kept.items())[-_MOST:])
    know(case)
    return redirect(url_for("services.receipt", code=case.tracking_code), code=303)


def to_counter_receipt(case: CaseRecord, pin: str) -> Response:
    """Send a clerk's browser to the receipt of somebody else's case; it may not act on it."""
    session[_HANDED] = {case.tracking_code: pin}
    return redirect(url_for("counter.receipt", code=case.tracking_code), code=303)


def take_pin(code: str) -> str:
    """Return the PIN to hand over at a counter, once; then this browser has forgotten it."""
    pin: str = session.pop(_HANDED, {}).get(code, "")
    return pin


def pin_for(code: str) -> str:
    """Return the PIN of a case that this browser filed, or nothing."""
    pin: str = session.get(_PINS, {}).get(code, "")
    return pin


def know(case: CaseRecord) -> None:
    """Let this browser act on a case."""
    others = [number for number in session.get(_KNOWN, []) if number != case.id]
    session[_KNOWN] = [*others, case.id][-_MOST:]


def last_known() -> int:
    """Return the number of the case that this browser filed or opened last; 0: none."""
    known: list[int] = session.get(_KNOWN, [])
    return known[-1] if known else 0


def is_known(case: CaseRecord) -> bool:
    """Return whether this browser filed a case or typed its PIN."""
    return case.id in session.get(_KNOWN, [])

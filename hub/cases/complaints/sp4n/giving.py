"""Complaints of the city as a file for SP4N-LAPOR!: no people in it, no secret ones. Reads only."""

from collections.abc import Iterator
from datetime import tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.complaints.models import OutsideComplaint
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import PublicComplaint, Wanted
from hub.cases.complaints.sp4n.bringing import SYSTEM_NAME
from hub.cases.complaints.sp4n.files import COLUMNS, MORE

# As many as a spreadsheet of theirs takes at once.
MOST = 20_000
# What we call otherwise than the national system does.
_STATUS = {
    "diterima": "belum ditindaklanjuti",
    "terverifikasi": "terverifikasi",
    "diproses": "diproses",
    "perlu-perbaikan": "tertunda",
    "diselesaikan": "diselesaikan",
}
HEADER = (*COLUMNS, *MORE)


def rows_for_sp4n(db: Session, wanted: Wanted, zone: tzinfo) -> Iterator[tuple[str, ...]]:
    """Return the rows of a file, the newest first; the words are those that the public reads."""
    theirs = dict(
        db.execute(
            select(OutsideComplaint.case_id, OutsideComplaint.number).where(
                OutsideComplaint.system == SYSTEM_NAME
            )
        ).all()
    )
    for one in PublicBoard(db).find(wanted, most=MOST):
        yield _cells(one, theirs.get(one.id, one.number), zone)


def _cells(one: PublicComplaint, tracking_id: str, zone: tzinfo) -> tuple[str, ...]:
    return (
        tracking_id,
        one.opened_at.astimezone(zone).date().isoformat(),
        one.title,
        one.text,
        one.category,
        one.opd,
        _STATUS.get(one.status, "diarsipkan"),
        one.kelurahan,
        one.kind,
        one.number,
    )

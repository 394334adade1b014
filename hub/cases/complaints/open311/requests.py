"""Public complaints as GeoReport requests and updates. Reads only; what is public the board decides."""

from collections.abc import Mapping, Sequence

from hub.cases.complaints.open311.asking import RequestQuery
from hub.cases.complaints.open311.documents import Degrees, Request, Update
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import CLOSED, OPEN, Happening, PublicComplaint, Wanted
from hub.cases.complaints.publishing.words import HAPPENED, STATUS_WORDS
from hub.cases.complaints.where import ward_named
from hub.cases.definition.stages import PublicStatus

OF_STATUS: Mapping[str, Sequence[str]] = {"open": OPEN, "closed": CLOSED}
# The words of the extension: by the action where it tells more than the status.
_BY_ACTION = {"gabung": "DUPLICATE", "buka_lagi": "REOPEN", "belum": "REOPEN", "teruskan": "INVESTIGATING"}
_BY_STATUS = {
    PublicStatus.RECEIVED: "OPEN",
    PublicStatus.VERIFIED: "INVESTIGATING",
    PublicStatus.IN_PROGRESS: "IN_PROGRESS",
    PublicStatus.RETURNED: "OPEN",
    PublicStatus.DONE: "FIXED",
    PublicStatus.ARCHIVED: "NO_FURTHER_ACTION",
    PublicStatus.REJECTED: "NOT_COUNCILS_RESPONSIBILITY",
    PublicStatus.CANCELLED: "CLOSED",
}


def wanted_of(query: RequestQuery) -> Wanted:
    """Return what a program asks for as the board takes it."""
    if query.ids:
        return Wanted(numbers=[number.upper() for number in query.ids])
    statuses = tuple(status for word in query.statuses for status in OF_STATUS[word])
    return Wanted(
        category=query.services,
        statuses=statuses,
        begin=query.begin,
        end=query.end,
        changed_begin=query.changed_begin,
        changed_end=query.changed_end,
    )


def request_of(complaint: PublicComplaint, *, media_url: str, status_notes: str = "") -> Request:
    """Return a complaint as a request; ``media_url`` of its first photo, or empty."""
    ward = ward_named(complaint.kelurahan) if complaint.kelurahan else None
    address = ", ".join(part for part in (complaint.address, complaint.kelurahan, "Pontianak") if part)
    return Request(
        service_request_id=complaint.number,
        status="open" if complaint.is_open else "closed",
        status_notes=status_notes or STATUS_WORDS[complaint.status],
        service_name=complaint.category_label or complaint.category,
        service_code=complaint.category,
        description=_description(complaint),
        agency_responsible=complaint.opd or None,
        service_notice=None,
        requested_datetime=complaint.opened_at,
        updated_datetime=complaint.closed_at or complaint.changed_at,
        expected_datetime=complaint.due_at,
        # Some readers refuse an empty address: the city is one.
        address=address,
        address_id=None,
        zipcode=ward.postcode if ward else None,
        lat=None if complaint.latitude is None else Degrees(complaint.latitude),
        long=None if complaint.longitude is None else Degrees(complaint.longitude),
        media_url=media_url or None,
    )


def update_of(number: str, happening: Happening) -> Update:
    """Return a public step as an update."""
    told = happening.note or HAPPENED.get(happening.action, STATUS_WORDS[happening.status])
    status = _BY_ACTION.get(happening.action) or _BY_STATUS[PublicStatus(happening.status)]
    return Update(str(happening.id), number, status, happening.at, told)


def found(board: PublicBoard, query: RequestQuery) -> list[PublicComplaint]:
    """Return the complaints that a program asks for."""
    return board.find(wanted_of(query), most=query.most, skip=query.skip)


def _description(complaint: PublicComplaint) -> str:
    """Return heading and text, without saying the same twice."""
    if complaint.text.startswith(complaint.title.rstrip("…")):
        return complaint.text
    return f"{complaint.title}\n{complaint.text}".strip()

"""Where the next holder of a case acts on it: signatures have a page of their own. Pure."""

from hub.cases.definition.stages import PublicStatus
from hub.cases.keeping.models import CaseRecord


def link_of(case: CaseRecord) -> str:
    """Return the path that a notification leads to."""
    page = "tanda-tangan" if case.public_status == PublicStatus.AWAITING_SIGNATURE else "berkas"
    return f"/{page}/{case.number}"

"""Which photos of complaints everybody may see: those that an officer looked at and sent on. Pure queries."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select

from hub.cases.complaints.publishing.shown import PHOTOS
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM, PublicStatus
from hub.cases.keeping.engine import FileSource
from hub.cases.keeping.models import CaseFile, CaseStep

# Whoever sends a complaint to these found it to be one; refused and archived ones may be spam.
_VERIFIED = (PublicStatus.VERIFIED, PublicStatus.IN_PROGRESS, PublicStatus.DONE)


def shown_photos(
    cases: Collection[int], definition: ServiceDefinition | None
) -> tuple[ColumnElement[bool], ...]:
    """Return what rows of ``CaseFile`` must be for everybody to see them.

    Args:
        cases: Numbers of public complaints.
        definition: Of complaints; without one no photo is shown.
    """
    stages = () if definition is None else definition.stages
    # Looked at with the photo there: a photo that came later waits for the next officer.
    looked_at = select(CaseStep.id).where(
        CaseStep.case_id == CaseFile.case_id,
        CaseStep.seq >= CaseFile.step_seq,
        CaseStep.to_stage.in_([stage.id for stage in stages if stage.public_status in _VERIFIED]),
        CaseStep.role.not_in((APPLICANT, SYSTEM)),
    )
    return (
        CaseFile.case_id.in_(cases),
        CaseFile.requirement.in_(PHOTOS),
        CaseFile.is_hidden.is_(False),
        # What a camera of the city saw stays with the officers: people are on it who never agreed.
        CaseFile.source != FileSource.CAMERA,
        looked_at.exists(),
    )

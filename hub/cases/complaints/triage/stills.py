"""Pictures of the city's cameras beside a complaint: before and after. Never commits.

Who took one and for which purpose is noted before it is seen; the public never sees them.
"""

import io
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cases.attachments.door import keep_upload
from hub.cases.attachments.kept import KeptFile, RefusedUpload
from hub.cases.complaints.cameras import seen_from_cameras
from hub.cases.complaints.here import CameraStills, TakenStill
from hub.cases.complaints.publishing.shown import PHOTOS
from hub.cases.definition.form import FileKind
from hub.cases.keeping.engine import FileSource
from hub.cases.keeping.models import CaseFile, CaseRecord, CaseStep
from hub.errors import InputError
from hub.people import audit
from hub.people.sessions import Viewer

BEFORE, AFTER = PHOTOS


def newest_still(
    db: Session,
    case: CaseRecord,
    stills: CameraStills,
    *,
    device: str,
    camera: str,
    purpose: str,
    viewer: Viewer,
    now: datetime,
) -> TakenStill:
    """Take the newest picture of a camera that can see the place of a complaint, and note who did.

    Args:
        db: A writing session.
        case: A complaint with a place.
        stills: The way to the pictures.
        device: Of the camera.
        camera: One of those that are offered for this place; no other is given.
        purpose: One of the declared purposes.
        viewer: Who takes it.
        now: The present.

    Raises:
        InputError: the camera does not see the place, or has no picture.
    """
    if case.latitude is None or case.longitude is None:
        raise InputError("Laporan ini tidak punya tempat di peta; kamera tidak dapat dipilih.")
    offered = {
        (one.camera.device, one.camera.camera) for one in seen_from_cameras(db, case.latitude, case.longitude)
    }
    if (device, camera) not in offered:
        raise InputError("Kamera ini tidak melihat tempat laporan; pilih dari yang ditawarkan.")
    return stills.take(db, device=device, camera=camera, viewer=viewer, purpose=purpose, now=now)


def keep_still(taken: TakenStill, folder: Path) -> KeptFile:
    """Draw a picture anew and keep it in the store of case files; takes a moment, so outside of any session.

    Raises:
        InputError: it cannot be kept.
    """
    try:
        return keep_upload(io.BytesIO(taken.content), kinds=(FileKind.IMAGE,), folder=folder)
    except RefusedUpload as error:
        raise InputError(f"Gambar kamera tidak dapat disimpan: {error.reason}.") from error


def attach_still(
    db: Session,
    case: CaseRecord,
    kept: KeptFile,
    *,
    device: str,
    camera: str,
    is_after: bool,
    purpose: str,
    taken_at: datetime,
    viewer: Viewer,
    now: datetime,
) -> None:
    """Attach a picture that was taken and kept; ``is_after``: of the finished work, else of how it was."""
    step = select(func.max(CaseStep.seq)).where(CaseStep.case_id == case.id)
    row = CaseFile(
        case_id=case.id,
        requirement=AFTER if is_after else BEFORE,
        sha256=kept.sha256,
        media_type=kept.media_type,
        size_bytes=kept.size_bytes,
        width_px=kept.width,
        height_px=kept.height,
        source=FileSource.CAMERA,
        step_seq=db.scalars(step).one() or 1,
        added_at=taken_at,
    )
    db.add(row)
    if case.camera_device is None:
        case.camera_device, case.camera = device, camera
    db.flush()
    detail = f"{device}/{camera} {purpose} {row.requirement} {kept.sha256}"
    audit.append(
        db, at=now, actor=viewer.name, action="complaint.still", target=f"case:{case.number}", detail=detail
    )

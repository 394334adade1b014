"""Findings to look at in a simulated city, each marked "contoh" (an example); only where there are none."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.events.models import WaterMark
from hub.cctv.findings.desk import FindingDesk, Marked, opds_by_name
from hub.cctv.findings.kinds import FindingKind
from hub.cctv.findings.models import Finding
from hub.cctv.findings.rules import Act
from hub.cctv.measures.models import CameraMeasure
from hub.cctv.pictures import store
from hub.cctv.pictures.models import PictureLook
from hub.cctv.pictures.photo import Box
from hub.ingest.models import Still
from hub.ingest.pictures.stills import still_path
from hub.people.models import Account
from hub.places.purposes import Purpose

# The water of the simulated gauge goes from 0.7 m to 1.5 m and back within the hour.
MARK_M = 1.3
_GAUGE = "gauge@"
_EXAMPLES = (
    (FindingKind.BILLBOARD, Purpose.REVENUE, Box(0.62, 0.12, 0.2, 0.22), "contoh: papan baru di tepi jalan"),
    (FindingKind.ROAD, Purpose.BUILDING, Box(0.4, 0.6, 0.25, 0.2), "contoh: lubang di lajur tengah"),
    (FindingKind.RUBBISH, Purpose.SERVICE, Box(0.05, 0.7, 0.2, 0.2), "contoh: tumpukan sampah"),
)


def add_findings(db: Session, folder: Path, desk: FindingDesk, *, who: Account, now: datetime) -> int:
    """Mark a few places on the newest stills and send them to the first OPD; return how many.

    Args:
        db: A writing session.
        folder: Of the hub.
        desk: Of somebody who may.
        who: The same somebody.
        now: The present.
    """
    if db.scalars(select(Finding.id).limit(1)).first() is not None:
        return 0
    opds = opds_by_name(db)
    stills = db.scalars(select(Still).order_by(Still.device, Still.camera)).all()
    made = 0
    for still, (kind, purpose, box, note) in zip(stills, _EXAMPLES, strict=False):
        path = still_path(folder, still.device, still.camera)
        if not path.is_file():
            continue
        look = PictureLook(
            account_id=who.id,
            purpose=purpose,
            device=still.device,
            camera=still.camera,
            source="still",
            digest=store.keep(folder, path.read_bytes()),
            taken_at=still.taken_at,
            at=now,
        )
        db.add(look)
        db.flush()
        finding = desk.make(look, Marked(box, kind, note))
        if opds and kind is not FindingKind.RUBBISH:
            desk.act(finding, Act.SEND, opd=opds[0].number)
        made += 1
    return made


def add_water_marks(db: Session, *, who: Account, now: datetime) -> int:
    """Watch every gauge that was read and has no mark yet; return how many."""
    rows = db.scalars(select(CameraMeasure).where(CameraMeasure.what.startswith(_GAUGE))).all()
    made = 0
    for row in rows:
        key = (row.device, row.camera, row.what.removeprefix(_GAUGE))
        if db.get(WaterMark, key) is None:
            db.add(
                WaterMark(
                    device=key[0], camera=key[1], gauge=key[2], level_m=MARK_M, set_by=who.id, set_at=now
                )
            )
            made += 1
    db.flush()
    return made

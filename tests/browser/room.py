"""What the control room did in the sample city: an event with stills, a finding, a running shift."""

import io
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from hub.cctv.events.keeping import keep_stills
from hub.cctv.findings.models import Billboard, Finding, FindingStep
from hub.cctv.pictures import store
from hub.db import Database
from hub.ingest.pictures.recent import keep_recent
from hub.ingest.pictures.stills import Picture
from hub.people.models import Account
from hub.shifts.models import Shift, ShiftEntry


def jpeg(text: str, shade: int) -> bytes:
    """Return a small drawn picture."""
    image = Image.new("RGB", (640, 360), (shade, shade + 12, shade + 20))
    draw = ImageDraw.Draw(image)
    draw.polygon([(250, 150), (390, 150), (640, 360), (0, 360)], fill=(shade + 38, shade + 40, shade + 42))
    draw.text((20, 20), text, fill=(220, 220, 210), font_size=28)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


def keep_older_still(folder: Path, device: str, camera: str, at: datetime, text: str = "dulu") -> None:
    """One of the few older stills that ingest keeps for a while."""
    picture = Picture(
        device=device, camera=camera, jpeg=jpeg(text, 50), said_at=at.isoformat(), received_at=at
    )
    keep_recent(folder, picture)


def fill_room(database: Database, folder: Path, now: datetime) -> None:
    """Event 1 gets its stills; finding 1 was sent to OPD 1; shift 1 runs."""
    keep_older_still(folder, "pi-jawi", "selatan", now - timedelta(minutes=13), "sebelum")
    keep_older_still(folder, "pi-jawi", "selatan", now - timedelta(minutes=12), "sesudah")
    with database.writing() as db:
        keep_stills(db, folder, now=now)
        keeper = Account(
            name="wati", display_name="Wati", password_hash="", must_change_password=False, created_at=now
        )
        db.add(keeper)
        db.flush()
        digest = store.keep(folder, jpeg("pi-jawi / utara", 60))
        db.add(
            Finding(
                kind="billboard", state="sent", device="pi-jawi", camera="utara", site="jawi",
                taken_at=now - timedelta(hours=1), purpose="revenue", source="still", left=0.4, top=0.4,
                width=0.2, height=0.2, original=digest, marked=digest, note="di tikungan", opd=1,
                due_on=(now + timedelta(days=7)).date(), made_by=keeper.id, made_at=now, changed_at=now,
            )
        )  # fmt: skip
        db.flush()
        db.add(Billboard(finding=1))
        for act, state, photo in (("make", "new", digest), ("send", "sent", "")):
            step = FindingStep(
                finding=1, at=now, account_id=keeper.id, act=act, state=state, opd=1, photo=photo
            )
            db.add(step)
            db.flush()
        db.add(Shift(running=1, account_id=keeper.id, began_at=now - timedelta(hours=3)))
        db.flush()
        db.add(ShiftEntry(shift=1, at=now, account_id=keeper.id, text="Simpang Sungai Jawi padat."))

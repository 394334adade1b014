"""Making findings and letting them go from hand to hand. Takes a session, never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.findings.kinds import FindingKind, Rules
from hub.cctv.findings.models import Billboard, Finding, FindingStep
from hub.cctv.findings.rules import (
    NEEDS_NOTE,
    OF_MAKER,
    SAME_PLACE,
    Act,
    State,
    after,
    is_on_picture,
    overlap,
)
from hub.cctv.pictures import store
from hub.cctv.pictures.models import PictureLook
from hub.cctv.pictures.photo import Box, with_mark
from hub.errors import InputError
from hub.people import audit
from hub.people.models import Opd
from hub.people.sessions import Viewer
from hub.places.models import CityCamera, Device

MADE = "make"
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class Marked:
    """What somebody marked: where, what it is, in words; and to whom, if it is sent at once."""

    box: Box
    kind: FindingKind
    note: str
    opd: int | None = None
    due_on: date | None = None


class FindingDesk:
    """What one person does with findings, at one moment."""

    def __init__(
        self, db: Session, *, who: Viewer, now: datetime, zone: ZoneInfo, folder: Path, rules: Rules
    ) -> None:
        """Take a writing session, who acts, and where pictures lie."""
        self._db, self._who, self._now, self._zone = db, who, now, zone
        self._folder, self._rules = folder, rules

    def make(self, look: PictureLook, marked: Marked) -> Finding:
        """Keep a finding on a picture that was taken out for it.

        Raises:
            InputError: the mark is not on the picture, or there are no words.
            NotFoundError: the picture's time is over.
        """
        if not is_on_picture(marked.box):
            raise InputError("Tandai tempatnya: kotak harus di dalam gambar dan tidak terlalu kecil.")
        note = self._note(marked.note, is_needed=marked.kind is FindingKind.OTHER)
        original = store.find(self._folder, look.digest).read_bytes()
        finding = Finding(
            kind=marked.kind,
            state=State.NEW,
            device=look.device,
            camera=look.camera,
            site=self._db.get_one(Device, look.device).site,
            event=look.event,
            taken_at=look.taken_at,
            purpose=look.purpose,
            source=look.source,
            left=marked.box.left,
            top=marked.box.top,
            width=marked.box.width,
            height=marked.box.height,
            original=look.digest,
            marked=store.keep(self._folder, with_mark(original, marked.box)),
            note=note,
            made_by=self._who.account_id,
            made_at=self._now,
            changed_at=self._now,
            first_id=self._first_of(look, marked),
        )
        self._db.add(finding)
        self._db.flush()
        self._step(finding, MADE, note, "")
        if marked.kind is FindingKind.BILLBOARD and finding.first_id is None:
            self._db.add(Billboard(finding=finding.id))
        if marked.opd is not None:
            self.act(finding, Act.SEND, opd=marked.opd, due_on=marked.due_on)
        return finding

    def act(
        self,
        finding: Finding,
        act: Act,
        *,
        note: str = "",
        opd: int | None = None,
        due_on: date | None = None,
        photo: bytes = b"",
    ) -> None:
        """Do something with a finding; whether the viewer may was asked before.

        Args:
            finding: Which.
            act: What.
            note: In words; some acts need them.
            opd: To whom it is sent.
            due_on: Until when; by the data file when not given.
            photo: A JPEG that was drawn anew, beside an answer.

        Raises:
            InputError: it cannot be done in this state, or something is missing.
        """
        state = after(State(finding.state), act)
        if state is None:
            raise InputError("Temuan ini sudah berubah keadaannya; muat ulang halaman, lalu pilih lagi.")
        note = self._note(note, is_needed=act in NEEDS_NOTE)
        if act is Act.SEND:
            finding.opd, finding.due_on = self._opd(opd), self._due(FindingKind(finding.kind), due_on)
        elif act is Act.REOPEN:
            finding.due_on = self._due(FindingKind(finding.kind), due_on)
        finding.state, finding.changed_at = state, self._now
        self._step(finding, act.value, note, store.keep(self._folder, photo) if photo else "")

    def _opd(self, number: int | None) -> int:
        if number is None or self._db.get(Opd, number) is None:
            raise InputError("Pilih OPD yang dituju.")
        return number

    def _due(self, kind: FindingKind, wanted: date | None) -> date:
        today = self._now.astimezone(self._zone).date()
        if wanted is None:
            return today + timedelta(days=self._rules[kind].due_days)
        if not today <= wanted <= today + timedelta(days=366):
            raise InputError("Tenggat harus hari ini atau sesudahnya, paling lama setahun lagi.")
        return wanted

    def _note(self, text: str, *, is_needed: bool) -> str:
        note = " ".join(text.split())
        if is_needed and len(note) < 3:
            raise InputError("Tulis keterangannya dengan kata-kata.")
        if len(note) > MAX_NOTE:
            raise InputError(f"Keterangan lebih dari {MAX_NOTE} huruf; ringkaskan.")
        return note

    def _first_of(self, look: PictureLook, marked: Marked) -> int | None:
        """Return the first finding of the same thing: same kind, same place before a fixed camera."""
        camera = self._db.get(CityCamera, (look.device, look.camera))
        if camera is None or camera.kind == "ptz":
            # Where a camera that turns looked is not known; a person joins those.
            return None
        earlier = self._db.scalars(
            select(Finding)
            .where(
                Finding.device == look.device,
                Finding.camera == look.camera,
                Finding.kind == marked.kind,
                Finding.first_id.is_(None),
            )
            .order_by(Finding.id)
        )
        near = [(overlap(box_of(one), marked.box), -one.id) for one in earlier]
        share, negative = max(near, default=(0.0, 0))
        return -negative if share >= SAME_PLACE else None

    def _step(self, finding: Finding, act: str, note: str, photo: str) -> None:
        step = FindingStep(
            finding=finding.id,
            at=self._now,
            account_id=self._who.account_id,
            act=act,
            state=finding.state,
            opd=finding.opd,
            note=note,
            photo=photo,
        )
        self._db.add(step)
        self._db.flush()
        audit.append(
            self._db,
            at=self._now,
            actor=self._who.name,
            action=f"finding.{act}",
            target=f"finding:{finding.id}",
            detail=f"{finding.state} {finding.marked} {photo}".rstrip(),
        )


def box_of(finding: Finding) -> Box:
    """Return the mark of a finding."""
    return Box(finding.left, finding.top, finding.width, finding.height)


def opds_by_name(db: Session) -> Sequence[Opd]:
    """Return the OPDs that a finding can be sent to."""
    return db.scalars(select(Opd).order_by(Opd.name)).all()


def names_of_opds(db: Session) -> Mapping[int, str]:
    """Return the name of each OPD by its number."""
    return {opd.number: opd.name for opd in db.scalars(select(Opd))}


def may_do(act: Act, *, is_maker: bool, is_answerer: bool) -> bool:
    """Return whether somebody is on the side that does this."""
    return is_maker if act in OF_MAKER else is_answerer

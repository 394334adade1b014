"""Invented complaints in every state, so that a new hub has something to look at. Never commits."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from hub.cases.attachments.attaching import attached_file
from hub.cases.attachments.door import keep_upload
from hub.cases.complaints.filing.report import Report, answers_of
from hub.cases.complaints.publishing.board import complaint_service
from hub.cases.complaints.publishing.shown import PHOTOS, SERVICE
from hub.cases.complaints.statistics.importing import SHIPPED, import_figures
from hub.cases.definition.form import FileKind
from hub.cases.definition.stages import SYSTEM
from hub.cases.keeping.engine import (
    Applicant,
    AttachedFile,
    CaseActor,
    CaseEngine,
    FileSource,
    Handed,
    Secrecy,
)
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import act_on, file_case
from hub.cases.machine.rules import Given, Refused

_ROLES = frozenset({"coordinator", "liaison", SYSTEM})
_TO_OPD, _AT_WORK, _DONE = ("teruskan",), ("teruskan", "kerjakan"), ("teruskan", "kerjakan", "selesaikan")
_CLOSED = (*_DONE, "diam")
_WORDS = {
    "teruskan": "Diteruskan kepada dinas yang menangani.",
    "kerjakan": "Regu dijadwalkan minggu ini.",
    "selesaikan": "Sudah dikerjakan, lihat foto sesudah.",
    "arsipkan": "Tidak ada tanggapan pelapor atas pertanyaan kami.",
    "tolak": "Jalan ini jalan nasional; sampaikan kepada balai jalan lewat lapor.go.id.",
}
_INK = {
    "jalan": "#8a6d4f",
    "sampah": "#5f7a4a",
    "lampu": "#2c3440",
    "drainase": "#4f6f86",
    "pohon": "#3f6b3c",
}


@dataclass(frozen=True, slots=True)
class _Example:
    """One complaint: how many days ago, what about, where, and which way it went since."""

    days: int
    category: str
    text: str
    latitude: float
    longitude: float
    way: tuple[str, ...] = ()
    secrecy: Secrecy = Secrecy.OPEN


_EXAMPLES: tuple[_Example, ...] = (
    _Example(38, "jalan", "Jalan bergelombang sepanjang dua ratus meter.", -0.0412, 109.3286, _CLOSED),
    _Example(35, "sampah", "Tumpukan sampah di pinggir parit, bau menyengat.", -0.0357, 109.3488, _CLOSED),
    _Example(30, "drainase", "Parit tersumbat, air meluap saat hujan.", -0.0652, 109.3277, _CLOSED),
    _Example(27, "lalu_lintas", "Truk parkir di badan jalan setiap pagi.", -0.0158, 109.3008, ("arsipkan",)),
    _Example(24, "jalan", "Lubang di jalan nasional dekat pelabuhan.", -0.0193, 109.3391, ("tolak",)),
    _Example(20, "lampu", "Lampu jalan padam tiga tiang berturut-turut.", -0.0374, 109.3671, _DONE),
    _Example(12, "pohon", "Dahan besar menggantung di atas trotoar.", -0.0469, 109.3288, _AT_WORK),
    _Example(9, "drainase", "Genangan setinggi betis di depan sekolah.", -0.0719, 109.3450, _AT_WORK),
    _Example(6, "jalan", "Lubang besar di tikungan, motor sering jatuh.", -0.0641, 109.3131, _TO_OPD),
    _Example(4, "sampah", "Bak sampah penuh sejak tiga hari lalu.", 0.0080, 109.3366, _TO_OPD),
    _Example(2, "jalan", "Aspal terkelupas dekat Tugu Khatulistiwa.", 0.0, 109.322),
    _Example(1, "lampu", "Penerangan gang mati, gelap kalau malam.", -0.0268, 109.3716),
    _Example(1, "pelayanan", "Antrean loket tidak dipanggil berurutan.", -0.0366, 109.3135),
    _Example(1, "ketertiban", "Pungutan liar di parkiran pasar.", -0.0391, 109.3428, secrecy=Secrecy.SECRET),
    _Example(0, "jalan", "Jalan berlubang di tikungan, dua motor jatuh tadi pagi.", -0.0643, 109.3133),
)


def play(db: Session, engine: CaseEngine, folder: Path, now: datetime) -> int:
    """File the examples and the published figures; return how many complaints there are.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        folder: The store of case files.
        now: The present; each is filed some days before.
    """
    import_figures(db, SHIPPED.read_bytes(), SHIPPED.name, actor="contoh", now=now)
    return sum(_played(db, engine, one, folder, now) for one in _EXAMPLES)


def _played(db: Session, engine: CaseEngine, one: _Example, folder: Path, now: datetime) -> bool:
    definition = complaint_service(db)
    if definition is None:
        return False
    at = now - timedelta(days=one.days, hours=2)
    report = Report(
        category=one.category,
        text=one.text,
        latitude=f"{one.latitude:.6f}",
        longitude=f"{one.longitude:.6f}",
        identity="rahasia" if one.secrecy is Secrecy.SECRET else "terbuka",
    )
    case = file_case(
        db,
        engine=engine,
        service=SERVICE,
        given=Given(answers=answers_of(report, definition)),
        applicant=Applicant(name="Warga Contoh", secrecy=one.secrecy),
        files=[_photo(folder, PHOTOS[0], one.category, "sebelum", FileSource.CITIZEN)],
        now=at,
    )
    if isinstance(case, Refused):
        return False
    _walk(db, engine, case, one, folder, at, now)
    return True


def _walk(
    db: Session,
    engine: CaseEngine,
    case: CaseRecord,
    one: _Example,
    folder: Path,
    at: datetime,
    now: datetime,
) -> None:
    who = CaseActor(None, "contoh", _ROLES)
    for step, action in enumerate(one.way, start=1):
        files: Sequence[AttachedFile] = ()
        if action == "selesaikan":
            files = [_photo(folder, PHOTOS[1], one.category, "sesudah", FileSource.OFFICER)]
        moment = min(now, at + (now - at) * step / (len(one.way) + 1))
        done = act_on(
            db,
            engine=engine,
            case=case,
            actor=who,
            action=action,
            given=Given(note=_WORDS.get(action, "")),
            handed=Handed(files=files, is_note_public=True),
            now=moment,
        )
        if isinstance(done, Refused):
            return  # a city without that OPD: the complaint stays where it is


def _photo(folder: Path, requirement: str, category: str, words: str, source: FileSource) -> AttachedFile:
    picture = Image.new("RGB", (1280, 960), _INK.get(category, "#6b6f76"))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((420, 380, 860, 640), fill="#2b2622" if words == "sebelum" else "#9aa0a6")
    draw.text((60, 60), f"CONTOH {category} {words}", fill="#ffffff", font_size=64)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    kept = keep_upload(io.BytesIO(buffer.getvalue()), kinds=(FileKind.IMAGE,), folder=folder)
    return attached_file(requirement, kept, source)

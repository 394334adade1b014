"""Assessments begun, scored, evidenced and closed. Never commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.attachments.kept import KeptFile
from hub.errors import InputError, NotFoundError
from hub.measures.catalogue.reading import shipped
from hub.measures.keeping.periods import begin_of_day, moment_of
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import Facets
from hub.measures.keeping.sources import SourceKind, source_id
from hub.measures.spbe.framework import LEVELS, Framework, frameworks
from hub.measures.spbe.models import AssessedLevel, Assessment, Evidence
from hub.measures.spbe.rules import Result, index_of, predicate_of
from hub.people import audit

KINDS = ("mandiri", "eksternal")
YEARS = range(2018, 2101)
MOST_LETTERS = 2000
MEASURE = "spbe_index"


@dataclass(frozen=True, slots=True)
class Sheet:
    """An assessment with everything that is said in it."""

    assessment: Assessment
    framework: Framework
    levels: Mapping[int, int]
    evidence: Mapping[int, tuple[Evidence, ...]]

    @property
    def result(self) -> Result:
        """The index of everything."""
        return index_of(self.framework, self.levels)

    @property
    def predicate(self) -> str:
        """What the index is called."""
        return predicate_of(self.framework, self.result.index)

    @property
    def is_open(self) -> bool:
        """Whether levels may still be given."""
        return self.assessment.closed_at is None


def sheets(db: Session) -> list[Sheet]:
    """Return all assessments, the newest year first, self before external."""
    query = select(Assessment).order_by(Assessment.year.desc(), Assessment.kind.desc())
    return [_sheet(db, one) for one in db.scalars(query)]


def sheet_of(db: Session, number: int) -> Sheet:
    """Return one assessment.

    Raises:
        NotFoundError: there is none.
    """
    found = db.get(Assessment, number)
    if found is None:
        raise NotFoundError(f"no assessment {number}")
    return _sheet(db, found)


def _sheet(db: Session, assessment: Assessment) -> Sheet:
    rows = select(AssessedLevel).where(AssessedLevel.assessment == assessment.id).order_by(AssessedLevel.id)
    levels = {row.indicator: row.level for row in db.scalars(rows)}
    evidence: dict[int, tuple[Evidence, ...]] = {}
    kept = select(Evidence).where(Evidence.assessment == assessment.id, Evidence.withdrawn_at.is_(None))
    for one in db.scalars(kept.order_by(Evidence.id)):
        evidence[one.indicator] = (*evidence.get(one.indicator, ()), one)
    return Sheet(assessment, frameworks()[assessment.framework], levels, evidence)


def beside(db: Session, sheet: Sheet) -> Sheet | None:
    """Return the assessment of the other kind and the same year and framework, if there is one."""
    here = sheet.assessment
    query = select(Assessment).where(
        Assessment.year == here.year,
        Assessment.framework == here.framework,
        Assessment.kind != here.kind,
    )
    found = db.scalars(query).first()
    return None if found is None else _sheet(db, found)


def begin(db: Session, *, year: int, kind: str, actor: str, now: datetime) -> Assessment:
    """Begin an assessment with the newest framework.

    Raises:
        InputError: there is one already, or the year or kind is none.
    """
    if year not in YEARS:
        raise InputError(f"tahun {year}: isi tahun antara {YEARS[0]} dan {YEARS[-1]}")
    if kind not in KINDS:
        raise InputError(f"jenis {kind!r}: pilih {' atau '.join(KINDS)}")
    framework = list(frameworks())[-1]
    known = select(Assessment).where(
        Assessment.year == year, Assessment.kind == kind, Assessment.framework == framework
    )
    if db.scalars(known).first() is not None:
        raise InputError(f"penilaian {kind} {year} sudah ada")
    row = Assessment(framework=framework, year=year, kind=kind, begun_by=actor, begun_at=now)
    db.add(row)
    db.flush()
    detail = f"{kind} {year}"
    audit.append(db, at=now, actor=actor, action="spbe.begin", target=f"spbe:{row.id}", detail=detail)
    return row


def give_level(
    db: Session, sheet: Sheet, indicator: int, level: int, note: str, *, actor: str, now: datetime
) -> None:
    """Give an indicator a level; the year's index follows at once.

    Raises:
        InputError: the assessment is closed, or the level is none.
    """
    _insist_open(sheet, indicator)
    if level not in LEVELS:
        raise InputError(f"level {level}: pilih {LEVELS[0]} sampai {LEVELS[-1]}")
    number = sheet.assessment.id
    db.add(
        AssessedLevel(
            assessment=number,
            indicator=indicator,
            level=level,
            note=note.strip()[:MOST_LETTERS],
            author=actor,
            at=now,
        )
    )
    db.flush()
    target = f"spbe:{number}/{indicator}"
    audit.append(db, at=now, actor=actor, action="spbe.level", target=target, detail=str(level))
    note_index(db, sheet_of(db, number), actor=actor, now=now)


def note_index(db: Session, sheet: Sheet, *, actor: str, now: datetime) -> None:
    """Keep the index as a measure once every indicator has a level."""
    if not sheet.result.is_whole:
        return
    here = sheet.assessment
    name = f"SPBE {here.kind} {here.year}"
    source = source_id(db, SourceKind.MODULE, name, now=now, address=f"/spbe/{here.id}", author=actor)
    at = moment_of(begin_of_day(date(here.year, 1, 1)))
    said = Said(Facets(dimension=here.kind), at, float(sheet.result.index))
    keep(db, shipped().one(MEASURE), [said], source=source)


def add_evidence(
    db: Session,
    sheet: Sheet,
    indicator: int,
    *,
    title: str,
    address: str = "",
    file: KeptFile | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Add a link or a file.

    Raises:
        InputError: the assessment is closed, the title is missing, or the link is none.
    """
    _insist_open(sheet, indicator)
    title = " ".join(title.split())[:120]
    if not title:
        raise InputError("judul bukti: isi apa yang ditunjukkannya")
    if file is None and not _is_link(address):
        raise InputError("tautan: tulis lengkap, seperti https://pontianakkota.go.id/… atau /laporan")
    db.add(
        Evidence(
            assessment=sheet.assessment.id,
            indicator=indicator,
            title=title,
            address="" if file else address,
            sha256=file.sha256 if file else "",
            media_type=file.media_type if file else "",
            author=actor,
            at=now,
        )
    )
    db.flush()
    target = f"spbe:{sheet.assessment.id}/{indicator}"
    audit.append(db, at=now, actor=actor, action="spbe.evidence", target=target, detail=title)


def withdraw(db: Session, sheet: Sheet, indicator: int, number: int, *, actor: str, now: datetime) -> None:
    """Take evidence back; it stays in the table.

    Raises:
        InputError: the assessment is closed.
        NotFoundError: there is no such evidence here.
    """
    _insist_open(sheet, indicator)
    found = next((one for one in sheet.evidence.get(indicator, ()) if one.id == number), None)
    if found is None:
        raise NotFoundError(f"no evidence {number}")
    found.withdrawn_at = now
    target = f"spbe:{sheet.assessment.id}/{indicator}"
    audit.append(db, at=now, actor=actor, action="spbe.withdraw", target=target, detail=found.title)


def close(db: Session, sheet: Sheet, *, actor: str, now: datetime) -> None:
    """Close an assessment: from now on it is history.

    Raises:
        InputError: it is closed, or an indicator has no level.
    """
    if not sheet.is_open:
        raise InputError("penilaian ini sudah ditutup")
    missing = [number for number in sheet.framework.indicators if number not in sheet.levels]
    if missing:
        raise InputError(f"belum dinilai: indikator {', '.join(map(str, missing))}")
    sheet.assessment.closed_at = now
    number = sheet.assessment.id
    audit.append(
        db, at=now, actor=actor, action="spbe.close", target=f"spbe:{number}", detail=str(sheet.result.index)
    )


def history_of(db: Session, sheet: Sheet, indicator: int) -> list[AssessedLevel]:
    """Return the levels an indicator was given in an assessment, the newest first."""
    query = select(AssessedLevel).where(
        AssessedLevel.assessment == sheet.assessment.id, AssessedLevel.indicator == indicator
    )
    return list(db.scalars(query.order_by(AssessedLevel.id.desc())))


def _insist_open(sheet: Sheet, indicator: int) -> None:
    if not sheet.is_open:
        raise InputError("penilaian ini sudah ditutup; mulai penilaian tahun berikutnya")
    if indicator not in sheet.framework.indicators:
        raise NotFoundError(f"no indicator {indicator}")


def _is_link(address: str) -> bool:
    # Within the hub, or the open web; nothing that a browser would run.
    is_plain = len(address) <= 300 and not any(letter.isspace() for letter in address)
    is_here = address.startswith("/") and not address.startswith("//")
    return is_plain and (is_here or address.startswith(("https://", "http://")))

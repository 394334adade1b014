"""What a new case is made of: who may begin it, where it is about, whether its files were asked for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hub.cases.definition.form import FieldKind, Requirement
from hub.cases.definition.service import Applicants, ServiceDefinition
from hub.cases.keeping.engine import (
    SECRECY_OF_ANSWER,
    Applicant,
    AttachedFile,
    CaseEngine,
    Place,
    Secrecy,
)
from hub.cases.keeping.holders import opd_number
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.numbering import new_tracking_code, next_number
from hub.cases.keeping.records import put_answers
from hub.cases.machine.answers import Answers, Fault
from hub.cases.machine.state import CaseState
from hub.places.models import Kelurahan

_TITLE_FIELD, _CATEGORY_FIELD = "title", "category"
_NAME_FIELD, _SECRECY_FIELD = "name", "identity"
_TITLE_LETTERS, _NAME_LETTERS = 120, 80


def may_begin(definition: ServiceDefinition, applicant: Applicant) -> bool:
    """Return whether a service is for this applicant."""
    if applicant.is_system or definition.applicants is Applicants.SYSTEM:
        return applicant.is_system
    if definition.applicants is Applicants.ANYONE:
        return True
    if definition.applicants is Applicants.EMPLOYEE:
        return applicant.account is not None
    known = (applicant.account, applicant.person, applicant.filed_by)
    return any(one is not None for one in known)


def file_faults(asked: Iterable[Requirement], files: Sequence[AttachedFile]) -> tuple[Fault, ...]:
    """Return what is wrong with files beside what they contain: not asked for, or too many."""
    by_id = {each.id: each for each in asked}
    counts = Counter(file.requirement for file in files)
    found = [Fault(name, "berkas ini tidak diminta") for name in counts.keys() - by_id.keys()]
    found += [
        Fault(name, f"{by_id[name].label}: paling banyak {by_id[name].most_files} berkas")
        for name, count in counts.items()
        if name in by_id and count > by_id[name].most_files
    ]
    return tuple(found)


def new_record(
    db: Session,
    engine: CaseEngine,
    definition: ServiceDefinition,
    begun: CaseState,
    *,
    applicant: Applicant,
    place: Place,
    title: str,
    now: datetime,
) -> CaseRecord:
    """Write the row of a case that begins, with its number and tracking code."""
    stage = definition.stage(begun.stage)
    where = _filled(definition, begun.answers, place)
    opd = place.opd if place.opd is not None else opd_number(db, definition.opd)
    ward = None if where.kelurahan is None else db.get(Kelurahan, where.kelurahan)
    case = CaseRecord(
        number=next_number(db, definition.family, now=now, zone=engine.zone),
        tracking_code=new_tracking_code(db, engine.choose),
        service=definition.code,
        version=definition.version,
        family=definition.family,
        title=(title or _title(definition, begun.answers))[:_TITLE_LETTERS],
        category=_category(begun.answers),
        stage=stage.id,
        public_status=stage.public_status,
        applicant_account=applicant.account,
        applicant_person=applicant.person,
        applicant_name=applicant.name[:_NAME_LETTERS],
        filed_by=applicant.filed_by,
        secrecy=_secrecy(begun.answers, applicant.secrecy),
        opd=opd,
        kelurahan=where.kelurahan,
        kecamatan=None if ward is None else ward.kecamatan,
        latitude=where.latitude,
        longitude=where.longitude,
        camera_device=where.camera_device,
        camera=where.camera,
        opened_at=now,
        changed_at=now,
        stage_since=now,
        queue_at=now,
    )
    put_answers(case, begun.answers, definition.fields, engine)
    db.add(case)
    db.flush()
    return case


def put_corrected(db: Session, case: CaseRecord, definition: ServiceDefinition, answers: Answers) -> None:
    """Keep beside a case what its corrected form says: what it is called, whose, how secret, and where."""
    asked = {field.id for field in definition.first_form}
    case.category = _category(answers)
    if _TITLE_FIELD in asked:
        case.title = _title(definition, answers)[:_TITLE_LETTERS]
    if _NAME_FIELD in asked:
        case.applicant_name = " ".join(answers.get(_NAME_FIELD, ()))[:_NAME_LETTERS]
    case.secrecy = _secrecy(answers, Secrecy(case.secrecy))
    _put_place(db, case, definition, answers)


def _put_place(db: Session, case: CaseRecord, definition: ServiceDefinition, answers: Answers) -> None:
    """Move a case to where a form says it is; what the form leaves open stays."""
    old = Place(case.kelurahan, case.latitude, case.longitude, case.camera_device, case.camera)
    said = _filled(definition, answers, Place())
    case.kelurahan = said.kelurahan or old.kelurahan
    ward = None if case.kelurahan is None else db.get(Kelurahan, case.kelurahan)
    case.kecamatan = None if ward is None else ward.kecamatan
    # A place at latitude 0.0 is one: the equator crosses the city.
    if said.latitude is not None:
        case.latitude, case.longitude = said.latitude, said.longitude
    if said.camera is not None:
        case.camera_device, case.camera = said.camera_device, said.camera


def _title(definition: ServiceDefinition, answers: Answers) -> str:
    return " ".join(answers.get(_TITLE_FIELD, ())) or definition.label


def _category(answers: Answers) -> str:
    return next(iter(answers.get(_CATEGORY_FIELD, ())), "")


def _secrecy(answers: Answers, otherwise: Secrecy) -> Secrecy:
    """Return what the form says, whoever typed it in; a service that does not ask says nothing."""
    said = answers.get(_SECRECY_FIELD, ())
    return SECRECY_OF_ANSWER.get(said[0], Secrecy.SECRET) if said else otherwise


def _filled(definition: ServiceDefinition, answers: Answers, place: Place) -> Place:
    """Return a place with what the answers know besides."""
    said = _first_of(definition, answers)
    latitude, longitude = place.latitude, place.longitude
    if latitude is None and FieldKind.PLACE in said:
        north, _comma, east = said[FieldKind.PLACE].partition(",")
        latitude, longitude = float(north), float(east)
    device, _slash, camera = said.get(FieldKind.CAMERA, "").partition("/")
    return Place(
        kelurahan=place.kelurahan or said.get(FieldKind.KELURAHAN),
        latitude=latitude,
        longitude=longitude,
        camera_device=place.camera_device or device or None,
        camera=place.camera or camera or None,
    )


def _first_of(definition: ServiceDefinition, answers: Answers) -> Mapping[FieldKind, str]:
    found: dict[FieldKind, str] = {}
    for field in definition.fields:
        texts = answers.get(field.id, ())
        if texts:
            found.setdefault(field.kind, texts[0])
    return found

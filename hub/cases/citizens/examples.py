"""Invented citizens who ask for letters, so that a new hub has something to look at."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.asking.applying import Asker, Receipt, Registry, apply
from hub.cases.attachments.door import keep_upload
from hub.cases.attachments.kept import KeptFile
from hub.cases.citizens.nik import NikBox
from hub.cases.citizens.population import LocalPopulation
from hub.cases.definition.form import Field, FieldKind, FileKind, Requirement
from hub.cases.definition.service import ServiceDefinition
from hub.cases.forms.filled import Filled
from hub.cases.keeping.engine import CaseActor, CaseEngine
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import act_on
from hub.cases.keeping.versions import newest
from hub.cases.machine.answers import holds
from hub.cases.machine.rules import Given, Refused
from hub.errors import HubError
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.people.service import add_account, find_account

WARD = "61.71.01.1002"
# Name, NIK, birth: invented; the region of the NIK is the city's, the serial is 99xx.
_PEOPLE = (
    ("Siti Contoh", "6171014108909901", "1990-08-01"),
    ("Budi Contoh", "6171011205859902", "1985-05-12"),
    ("Lim Contoh", "6171025507929903", "1992-07-15"),
)
_OFFICERS = (
    ("loket.bml", "Loket BML", Role.COUNTER_CLERK),
    ("kasi.bml", "Kasi BML", Role.WARD_SECTION_HEAD),
    ("lurah.bml", "Lurah BML", Role.LURAH),
)
# Service, hours ago, and what was done with it since: action, by which role, with which note.
_CASES: tuple[tuple[str, int, tuple[tuple[str, Role, str], ...]], ...] = (
    ("surat-keterangan-usaha", 2, ()),
    ("surat-pengantar-skck", 3, ()),
    ("surat-keterangan-domisili", 5, (("kembalikan", Role.COUNTER_CLERK, "Foto KTP buram, kirim lagi"),)),
    ("surat-keterangan-tidak-mampu", 20, (("lengkap", Role.COUNTER_CLERK, ""),)),
    *(
        (service, hours, (("lengkap", Role.COUNTER_CLERK, ""), ("setuju", Role.WARD_SECTION_HEAD, "")))
        for service, hours in (
            ("surat-keterangan-usaha", 26),
            ("surat-keterangan-belum-menikah", 30),
            ("surat-keterangan-domisili-usaha", 50),
            ("surat-pengantar", 70),
        )
    ),
    ("ktp-kk", 4, ()),
    ("pbg", 28, ()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the examples play on."""

    engine: CaseEngine
    box: NikBox
    folder: Path


def play(db: Session, stage: Stage, now: datetime) -> int:
    """File the examples, once; return how many."""
    if db.scalars(select(CaseRecord.id).where(CaseRecord.applicant_person.is_not(None)).limit(1)).first():
        return 0
    LocalPopulation(db, stage.box).add([(nik, name) for name, nik, _ in _PEOPLE], now)
    officers = {role: _officer(db, name, shown, role, now) for name, shown, role in _OFFICERS}
    papers = {FileKind.IMAGE: _photo(stage.folder), FileKind.PDF: _document(stage.folder)}
    for number, (service, hours, actions) in enumerate(_CASES):
        _file(db, stage, service, _PEOPLE[number % len(_PEOPLE)], actions, officers, papers,
              now - timedelta(hours=hours))  # fmt: skip
    return len(_CASES)


def _officer(db: Session, name: str, shown: str, role: Role, now: datetime) -> Account:
    found = find_account(db, name)
    if found is not None:
        return found
    account = add_account(db, name=name, display_name=shown, roles=(), now=now, actor="system").account
    grant = RoleGrant(
        account_id=account.id, role=role, scope_kind=ScopeKind.KELURAHAN, scope_id=WARD, valid_from=now,
        decree="contoh",
    )  # fmt: skip
    db.add(grant)
    db.flush()
    return account


def _file(
    db: Session,
    stage: Stage,
    service: str,
    who: tuple[str, str, str],
    actions: Sequence[tuple[str, Role, str]],
    officers: dict[Role, Account],
    papers: dict[FileKind, KeptFile],
    at: datetime,
) -> None:
    definition = newest(db, service)
    if definition is None:
        raise HubError(f"service {service!r} is not loaded; run: pontive-hub migrate")
    registry = Registry(box=stage.box, population=LocalPopulation(db, stage.box), is_told_by_email=False)
    filled = _filled(definition, who, papers)
    done = apply(db, definition, filled, Asker(), engine=stage.engine, registry=registry, now=at)
    if not isinstance(done, Receipt):
        raise HubError(f"example {service}: {dict(done.faults)}")
    for place, (action, role, note) in enumerate(actions, start=1):
        account = officers[role]
        said = act_on(
            db,
            engine=stage.engine,
            case=done.case,
            actor=CaseActor(account.id, account.name, frozenset({role.value})),
            action=action,
            given=Given(note=note),
            now=at + timedelta(minutes=20 * place),
        )
        if isinstance(said, Refused):
            raise HubError(f"example {service}, {action}: {said.reason}")


def _filled(
    definition: ServiceDefinition, who: tuple[str, str, str], papers: dict[FileKind, KeptFile]
) -> Filled:
    name, nik, born = who
    answers: dict[str, tuple[str, ...]] = {
        "diri_name": (name,), "diri_nik": (nik,), "diri_birth_place": ("Pontianak",),
        "diri_birth_date": (born,), "diri_occupation": ("Pedagang",),
        "diri_address": ("Gg. Contoh 5, RT 2 RW 1",), "diri_kelurahan": (WARD,),
    }  # fmt: skip
    for field in definition.first_form:
        if holds(field.shown_if, answers):
            answers[field.id] = (_sample(field, nik),)
    files = {
        each.id: (papers[each.kinds[0]],) for each in definition.first_files if _is_needed(each, answers)
    }
    return Filled(answers, files)


def _is_needed(each: Requirement, answers: dict[str, tuple[str, ...]]) -> bool:
    return each.is_required and holds(each.needed_if, answers)


_SAMPLES = {
    FieldKind.DATE: "2019-02-01",
    FieldKind.TIME: "09:00",
    FieldKind.NUMBER: "2",
    FieldKind.MONEY: "1500000",
    FieldKind.YES_NO: "yes",
    FieldKind.PHONE: "081234567890",
    FieldKind.EMAIL: "contoh@contoh.id",
    FieldKind.PLACE: "-0.035650,109.348850",
    FieldKind.KELURAHAN: WARD,
}


def _sample(field: Field, nik: str) -> str:
    if field.choices:
        return field.choices[0].id
    if field.kind is FieldKind.NIK:
        return nik
    text = f"Contoh {field.label.lower()} untuk peragaan"
    return _SAMPLES.get(field.kind, text[: int(field.most or 80)])


def _photo(folder: Path) -> KeptFile:
    picture = Image.new("RGB", (900, 600), (226, 232, 230))
    ImageDraw.Draw(picture).text((40, 40), "CONTOH, bukan dokumen", fill=(60, 70, 70), font_size=48)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    buffer.seek(0)
    return keep_upload(buffer, kinds=(FileKind.IMAGE,), folder=folder, least_free_bytes=0)


def _document(folder: Path) -> KeptFile:
    text = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return keep_upload(io.BytesIO(text), kinds=(FileKind.PDF,), folder=folder, least_free_bytes=0)

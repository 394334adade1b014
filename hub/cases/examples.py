"""Cases to look at in a simulated city, each marked "contoh"; only where there are none.

They are filed and acted on like any other, by accounts of their own that nobody can sign in to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.definition.form import Field, FieldKind
from hub.cases.definition.service import Applicants, ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM, Stage
from hub.cases.editor.service import Hand, begin_draft, body_of, save_draft
from hub.cases.keeping.engine import Applicant, CaseActor, CaseEngine, Handed, Place
from hub.cases.keeping.models import CaseOpinion, CaseRecord
from hub.cases.keeping.service import SYSTEM_ACTOR, act_on, applicant_actor, file_case
from hub.cases.keeping.versions import newest, of_case
from hub.cases.machine.rules import Given, Refused
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.places.areas import read_areas

# What the first account is given besides, so that somebody sees these cases.
SHOWN_TO = (
    Role.COORDINATOR,
    Role.LIAISON,
    Role.COUNTER_CLERK,
    Role.WARD_SECTION_HEAD,
    Role.LURAH,
    Role.CAMAT,
    Role.LICENSING_VERIFIER,
    Role.PRIVACY_OFFICER,
    Role.FIELD_OFFICER,
    Role.INSPECTOR,
)
DECREE = "contoh: kota simulasi"


@dataclass(frozen=True, slots=True)
class _Example:
    """A case: how long ago it was filed, in which kelurahan of the list, and what was done with it."""

    service: str
    title: str
    hours_ago: float
    ward: int
    actions: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


def _complaint(title: str, category: str, hours_ago: float, ward: int, *actions: str) -> _Example:
    answers = (("category", category), ("title", title), ("text", f"{title}. Mohon ditindaklanjuti."))
    return _Example("pengaduan", title, hours_ago, ward, actions, answers)


_ISSUED = ("lengkap", "setuju", "tanda_tangan")
_PERMITTED = ("lengkap", "tinjau", "sesuai", "tetapkan", "sudah_bayar", "terbitkan")
_EXAMPLES = (
    _complaint("contoh: lubang di depan sekolah", "jalan", 2, 3),
    _complaint("contoh: lampu jalan padam tiga malam", "lampu", 30, 8),
    _complaint("contoh: sampah menumpuk di tepi parit", "sampah", 150, 12),
    _complaint("contoh: parit meluap saat hujan", "drainase", 60, 20, "teruskan"),
    _complaint("contoh: reklame miring di simpang", "bangunan", 200, 1, "teruskan", "kerjakan"),
    _complaint("contoh: pohon menutupi rambu", "pohon", 90, 15, "teruskan", "kerjakan", "jawab"),
    _complaint("contoh: parkir di trotoar", "lalu_lintas", 400, 5, "teruskan", "kerjakan", "jawab", "terima"),
    _complaint("contoh: listrik padam sejak pagi", "listrik", 20, 9, "tolak"),
    _Example("surat-keterangan-usaha", "contoh: Surat Keterangan Usaha, warung", 5, 3),
    _Example("surat-keterangan-domisili", "contoh: Surat Keterangan Domisili", 26, 3, ("lengkap",)),
    _Example("surat-keterangan-tidak-mampu", "contoh: SKTM untuk sekolah", 50, 3, ("lengkap", "setuju")),
    _Example("surat-pengantar-skck", "contoh: Pengantar SKCK", 120, 3, ("lengkap", "setuju")),
    _Example("surat-keterangan-belum-menikah", "contoh: Belum Menikah", 48, 3, ("kembalikan",)),
    _Example("surat-keterangan-domisili", "contoh: Domisili, terbit", 300, 3, _ISSUED),
    _Example("surat-keterangan-kematian", "contoh: Kematian, terbit", 210, 8, _ISSUED),
    _Example("pbg", "contoh: rumah tinggal dua lantai", 200, 7, ("lengkap",)),
    _Example("pbg", "contoh: ruko dua lantai, ditinjau", 260, 11, _PERMITTED[:2]),
    _Example("pbg", "contoh: rumah tinggal, terbit", 420, 4, _PERMITTED),
    _Example("pendampingan-nib", "contoh: usaha batik Beting", 10, 6),
    _Example("permintaan-data-pribadi", "contoh: salinan data saya", 40, 2),
)


def add_examples(db: Session, engine: CaseEngine, *, now: datetime) -> int:
    """File the examples and show them to the first account; return how many were filed."""
    if db.scalars(select(CaseRecord.id).limit(1)).first() is not None:
        return 0
    _show_to_first(db, now)
    people = {role: _officer(db, role, now) for role in Role}
    filed = [example for example in _EXAMPLES if newest(db, example.service) is not None]
    for example in sorted(filed, key=lambda each: -each.hours_ago):
        _walk(db, engine, example, people, now)
    _begin_draft(db, people[Role.ADMIN].name, now)
    return len(filed)


def _begin_draft(db: Session, author: str, now: datetime) -> None:
    """Begin a new version of a letter, so that the editor has something to look at."""
    source = newest(db, "surat-keterangan-usaha")
    if source is None:
        return
    draft = begin_draft(db, source, code=source.code, label="", author=author, now=now)
    body = body_of(draft)
    body["fields"].append({"id": "workers", "label": "Jumlah pekerja (contoh)", "kind": "number", "least": 0})
    save_draft(db, draft, body, Hand(author, 0, draft.revision, now))


def _walk(
    db: Session, engine: CaseEngine, example: _Example, people: dict[Role, Account], now: datetime
) -> None:
    at = now - timedelta(hours=example.hours_ago)
    definition = newest(db, example.service)
    assert definition is not None, "the caller leaves out services that are not offered"
    ward = read_areas().kelurahan[example.ward]
    place = Place(kelurahan=ward.code, latitude=ward.lat, longitude=ward.lon)
    answers = _answers(definition, ward.code, f"{ward.lat:.6f},{ward.lon:.6f}")
    given = Given(
        note="contoh: sudah dilihat",
        answers=answers | {name: [text] for name, text in example.answers},
        files=frozenset(each.id for each in definition.requirements),
    )
    case = file_case(
        db,
        engine=engine,
        service=example.service,
        given=given,
        applicant=_applicant(definition, people[Role.COUNTER_CLERK]),
        place=place,
        title=example.title,
        now=at,
    )
    if isinstance(case, Refused):
        raise LookupError(f"example {example.title!r} does not fit its service: {case}")
    step = timedelta(hours=example.hours_ago) / (len(example.actions) + 1)
    for number, action in enumerate(example.actions, start=1):
        said = _act(db, engine, case, action, people, given, at + step * number)
        if isinstance(said, Refused):
            return  # a city without OPDs hands nothing on


def _act(
    db: Session,
    engine: CaseEngine,
    case: CaseRecord,
    action: str,
    people: dict[Role, Account],
    given: Given,
    at: datetime,
) -> CaseRecord | Refused:
    stage = of_case(db, case).stage(case.stage)
    chosen = next(each for each in stage.actions if each.id == action)
    if chosen.needs_opinions:
        _opine(db, case, stage, people[Role.LIAISON].id, at)
    actor = _actor(case, (chosen.roles or stage.roles)[0], people)
    return act_on(
        db,
        engine=engine,
        case=case,
        actor=actor,
        action=action,
        given=given,
        handed=Handed(is_signed=True),
        now=at,
    )


def _opine(db: Session, case: CaseRecord, stage: Stage, account: int, at: datetime) -> None:
    for each in stage.opinions:
        opinion = CaseOpinion(opinion=each.id, is_favourable=True, note="contoh: sesuai", account=account)
        opinion.case_id, opinion.stage, opinion.at = case.id, stage.id, at
        db.add(opinion)
    db.flush()


def _actor(case: CaseRecord, role: str, people: dict[Role, Account]) -> CaseActor:
    if role == SYSTEM:
        return SYSTEM_ACTOR
    if role == APPLICANT:
        return applicant_actor(case)
    account = people[Role(role)]
    return CaseActor(account.id, account.name, frozenset({role}))


def _applicant(definition: ServiceDefinition, clerk: Account) -> Applicant:
    if definition.applicants is Applicants.SYSTEM:
        return Applicant(is_system=True)
    # At the counter, without a person behind it: nobody's data is invented.
    return Applicant(filed_by=clerk.id, name="Warga (contoh)")


def _show_to_first(db: Session, now: datetime) -> None:
    first = db.scalars(select(Account).order_by(Account.id)).first()
    if first is None:
        return
    for role in SHOWN_TO:
        db.add(
            RoleGrant(
                account_id=first.id,
                role=role,
                scope_kind=ScopeKind.CITY,
                valid_from=now,
                decree=DECREE,
            )
        )
    db.flush()


def _officer(db: Session, role: Role, now: datetime) -> Account:
    """Make an account that nobody can sign in to."""
    account = Account(
        name=f"contoh.{role.value}",
        display_name=f"Petugas contoh ({role.value})",
        password_hash="",
        must_change_password=True,
        is_disabled=True,
        created_at=now,
    )
    db.add(account)
    db.flush()
    return account


def _answers(definition: ServiceDefinition, ward: str, place: str) -> dict[str, list[str]]:
    # What may be left out is: nobody's name, telephone or camera is invented.
    return {
        field.id: [_answer(field, ward, place)]
        for field in definition.fields
        if field.is_required or field.kind in (FieldKind.PLACE, FieldKind.KELURAHAN)
    }


def _answer(field: Field, ward: str, place: str) -> str:
    if field.choices:
        return field.choices[0].id
    known = {
        FieldKind.NUMBER: f"{field.least or 1:g}",
        FieldKind.MONEY: f"{field.least or 250_000:g}",
        FieldKind.DATE: "1990-05-17",
        FieldKind.TIME: "09:00",
        FieldKind.YES_NO: "yes",
        FieldKind.PHONE: "081200000000",
        FieldKind.EMAIL: "warga@contoh.id",
        FieldKind.NIK: "6171015705900001",
        FieldKind.PLACE: place,
        FieldKind.KELURAHAN: ward,
        FieldKind.CAMERA: "contoh/contoh",
    }
    text = f"contoh {field.label.lower()} " * 3
    return known.get(field.kind, text[: int(field.most or len(text))].strip())

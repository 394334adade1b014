"""What a case is made of: for whom, with which files, where; and what an action asks besides."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from hub.cases.definition.stages import Effect
from hub.cases.keeping.engine import Applicant, EffectRefusedError, Handed, Place, Secrecy
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.cases.keeping.numbering import CODE_LETTERS, new_tracking_code
from hub.cases.keeping.records import add_files, answers_of, remarks_of, steps_of
from hub.cases.keeping.seeing import may_see
from hub.cases.keeping.service import act_on, applicant_actor, file_case
from hub.cases.keeping.versions import of_case
from hub.cases.machine.rules import Given, Refusal, Refused
from hub.people.models import RoleGrant
from hub.people.permissions import ScopeKind
from tests.hub.cases.office import DISHUB, OTHER_WARD, PUPR, WARD, ZONE, Office, answers, photo
from tests.hub.cases.shipped import SHIPPED

COMPLAINT = next(each for each in SHIPPED if each.code == "pengaduan")


def filed(office: Office, service: str = "pengaduan", **changes: object) -> CaseRecord | Refused:
    with office.writing() as db:
        given = {
            "given": Given(answers=answers(COMPLAINT)),
            "applicant": Applicant(),
            "place": Place(),
            "files": [],
            **changes,
        }
        return file_case(db, engine=office.engine, service=service, now=office.now, **given)  # type: ignore[arg-type]  # a test's mixture


def test_the_answers_say_where_a_case_is_unless_the_place_is_given(office: Office) -> None:
    said = filed(office)
    assert isinstance(said, CaseRecord)
    # The equator is a place.
    assert (said.latitude, said.longitude) == (0.0, 109.322)
    assert (said.kelurahan, said.kecamatan) == (OTHER_WARD, OTHER_WARD[:8])
    given = filed(office, place=Place(kelurahan=WARD, latitude=-0.05, longitude=109.3))
    assert isinstance(given, CaseRecord)
    assert (given.kelurahan, given.latitude) == (WARD, -0.05)
    assert (given.camera_device, given.camera) == ("pi-tugu", "cam1")


def test_only_who_a_service_is_for_begins_it(office: Office) -> None:
    assert filed(office, "tidak-ada") == Refused(Refusal.NO_SUCH_SERVICE)
    assert filed(office, "gangguan-kamera") == Refused(Refusal.NOT_YOURS)
    assert filed(office, "surat-keterangan-usaha") == Refused(Refusal.NOT_YOURS), (
        "a citizen is known by somebody"
    )
    assert filed(office, "pinjam-ruang", applicant=Applicant(person=7)) == Refused(Refusal.NOT_YOURS)
    clerk = office.account("counter-clerk")
    said = filed(office, applicant=Applicant(filed_by=clerk.account_id, name="Siti"))
    assert isinstance(said, CaseRecord)
    assert (said.filed_by, said.secrecy, said.applicant_name) == (clerk.account_id, "open", "Siti")


def test_all_that_is_wrong_with_a_form_is_told_at_once_and_leaves_no_trace(office: Office) -> None:
    files = [photo("foto")] * 6 + [photo("paspor")]
    said = filed(office, given=Given(answers={"kind": ["pengaduan"]}), files=files)
    assert isinstance(said, Refused)
    assert {"category", "title", "text", "foto", "paspor"} <= {fault.field for fault in said.faults}
    too_many = filed(office, files=files)
    assert isinstance(too_many, Refused)
    assert too_many.reason is Refusal.ANSWERS_WRONG
    with office.database.reading() as db:
        assert db.scalars(select(CaseRecord)).all() == []
    said = filed(office, files=[photo("foto")])
    assert isinstance(said, CaseRecord)
    assert said.number == "PGD-2026-000001", "what was refused took no number"


def test_a_nik_is_hidden_and_hidden_once(office: Office) -> None:
    number = office.file("ktp-kk").number
    clerk = office.account("population-clerk")
    assert isinstance(office.act_fully(number, clerk, "kembalikan"), CaseRecord)
    case = office.read(number)
    assert answers_of(case)["nik"] == ("6171**********01",)
    assert "6171014508900001" not in case.answers
    with office.writing() as db:
        row = db.scalars(select(CaseRecord)).one()
        assert isinstance(office.act_in(db, row, applicant_actor(row), "kirim_lagi"), CaseRecord)
        assert answers_of(row)["nik"] == ("6171**********01",)


def test_a_file_keeps_the_step_that_it_came_with(office: Office) -> None:
    number = office.file("pengaduan").number
    with office.writing() as db:
        row = db.scalars(select(CaseFile)).first()
        assert row is not None
        assert (row.requirement, row.step_seq, row.valid_until) == ("foto", 1, None)
    assert office.read(number).revision == 1


def test_an_opd_is_chosen_suggested_or_asked_for(office: Office) -> None:
    coordinator = office.account("coordinator")
    lamp = office.file("pengaduan", category="lampu").number
    moved = office.act(lamp, coordinator, "teruskan")
    assert isinstance(moved, CaseRecord)
    assert moved.opd == DISHUB, "as the category says"
    other = office.file("pengaduan", category="lainnya").number
    said = office.act(other, coordinator, "teruskan")
    assert isinstance(said, Refused)
    assert said.faults[0].field == "opd"
    assert isinstance(office.act(other, coordinator, "teruskan", handed=Handed(to_opd=99)), Refused)
    given = office.act(other, coordinator, "teruskan", handed=Handed(to_opd=PUPR))
    assert isinstance(given, CaseRecord)
    liaison = office.account("liaison", kind=ScopeKind.OPD, scope=str(PUPR))
    back = office.act(other, liaison, "salah_alamat")
    assert isinstance(back, CaseRecord)
    assert (back.stage, back.opd, back.assigned_account) == ("diterima", None, None)


def test_a_person_is_given_a_case_only_if_they_can_go_on_with_it(office: Office) -> None:
    coordinator = office.account("coordinator")
    liaison = office.account("liaison", kind=ScopeKind.OPD, scope=str(PUPR))
    officer = office.account("field-officer", kind=ScopeKind.OPD, scope=str(PUPR))
    elsewhere = office.account("field-officer", kind=ScopeKind.OPD, scope=str(DISHUB))
    number = office.file("pengaduan", category="jalan").number
    assert isinstance(office.act(number, coordinator, "teruskan"), CaseRecord)
    wrong = office.act(number, liaison, "kerjakan", handed=Handed(to_account=elsewhere.account_id))
    assert isinstance(wrong, Refused)
    assert wrong.faults[0].field == "petugas"
    said = office.act(number, liaison, "kerjakan", handed=Handed(to_account=officer.account_id))
    assert isinstance(said, CaseRecord)
    assert said.assigned_account == officer.account_id


def test_a_case_that_was_given_to_somebody_is_theirs_where_they_work_and_for_that_work(
    office: Office,
) -> None:
    coordinator = office.account("coordinator")
    liaison = office.account("liaison", kind=ScopeKind.OPD, scope=str(PUPR))
    officer = office.account("field-officer", kind=ScopeKind.OPD, scope=str(PUPR))
    number = office.file("pengaduan", category="jalan").number
    assert isinstance(office.act(number, coordinator, "teruskan"), CaseRecord)
    given = Handed(to_account=officer.account_id)
    assert isinstance(office.act(number, liaison, "kerjakan", handed=given), CaseRecord)
    with office.writing() as db:
        db.execute(
            update(RoleGrant).where(RoleGrant.account_id == officer.account_id).values(scope_id=str(DISHUB))
        )
    assert office.act(number, officer, "kabari") == Refused(Refusal.NOT_YOURS), "moved to another OPD"
    with office.database.reading() as db:
        assert not may_see(db, office.read(number), account_id=officer.account_id, now=office.now)
    done = office.act(number, liaison, "jawab")
    assert isinstance(done, CaseRecord)
    assert done.assigned_account is None, "it waits for the citizen now"


def test_who_gave_an_opinion_or_compared_papers_does_not_decide(office: Office) -> None:
    number = office.file("surat-keterangan-usaha").number
    clerk, head, lurah = (office.account(role) for role in ("counter-clerk", "ward-section-head", "lurah"))
    for who, action in ((clerk, "lengkap"), (head, "setuju")):
        assert isinstance(office.act(number, who, action), CaseRecord)
    with office.writing() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        add_files(db, case, of_case(db, case), [photo("ktp")], step_seq=1, now=office.now, zone=ZONE)
        db.execute(update(CaseFile).values(verified_by=lurah.account_id, verified_at=office.now))
    signed = Handed(is_signed=True)
    assert office.act(number, lurah, "tanda_tangan", handed=signed) == Refused(Refusal.FOUR_EYES)
    other = office.account("lurah")
    assert isinstance(office.act(number, other, "tanda_tangan", handed=signed), CaseRecord)


def test_a_signature_is_asked_for_and_remarks_on_fields_are_reason_enough(office: Office) -> None:
    number = office.file("surat-keterangan-usaha").number
    clerk, head, lurah = (office.account(role) for role in ("counter-clerk", "ward-section-head", "lurah"))
    for who, action in ((clerk, "lengkap"), (head, "setuju")):
        assert isinstance(office.act(number, who, action), CaseRecord)
    assert office.act(number, lurah, "tanda_tangan") == Refused(Refusal.SIGNATURE_MISSING)
    assert office.done == []
    assert office.act(number, lurah, "kembalikan", note=" ") == Refused(Refusal.NOTE_MISSING)
    remarks = Handed(remarks={"address": "tulis RT dan RW", "name": " "})
    assert isinstance(office.act(number, lurah, "kembalikan", note="", handed=remarks), CaseRecord)
    with office.database.reading() as db:
        step = steps_of(db, office.read(number))[-1]
        assert (step.note, remarks_of(step)) == ("tulis RT dan RW", {"address": "tulis RT dan RW"})
        assert not step.is_public_note, "it went back inside the office"
    assert isinstance(office.act(number, head, "setuju"), CaseRecord)
    signed = office.act(number, lurah, "tanda_tangan", handed=Handed(is_signed=True))
    assert isinstance(signed, CaseRecord)
    assert (signed.stage, office.done) == ("terbit", [(number, "issue-document")])


def test_files_that_an_action_does_not_ask_for_are_turned_away(office: Office) -> None:
    number = office.file("pengaduan").number
    said = office.act(
        number, office.account("coordinator"), "tolak", handed=Handed(files=[photo("foto_sesudah")])
    )
    assert isinstance(said, Refused)
    assert said.faults[0].field == "foto_sesudah"


def test_codes_are_drawn_again_when_taken_and_without_letters_that_look_alike(office: Office) -> None:
    assert not set("01OILAEU") & set(CODE_LETTERS)
    with office.writing() as db:
        case = office.file_in(db, "pengaduan")
        letters = iter(case.tracking_code + "B" * 10)
        assert new_tracking_code(db, lambda _alphabet: next(letters)) == "B" * 10


def test_an_action_without_a_handler_for_its_effect_is_a_mistake_of_ours(office: Office) -> None:
    number = office.file("ktp-kk").number
    clerk = office.account("population-clerk")

    def press() -> None:
        with office.writing() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            act_on(
                db,
                engine=replace(office.engine, effects={}),
                case=case,
                actor=office.actor(db, case, clerk),
                action="jadwalkan",
                given=Given(),
                now=office.now,
            )

    with pytest.raises(LookupError, match="reserve"):
        press()
    assert office.read(number).stage == "diajukan", "and nothing of it was kept"


def test_a_slot_that_is_taken_moves_nothing_and_says_so(office: Office) -> None:
    number = office.file("ktp-kk").number
    clerk = office.account("population-clerk")

    def taken(*_arguments: object) -> None:
        raise EffectRefusedError("Jam 09.00 sudah penuh; pilih jam lain.")

    with office.writing() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        said = act_on(
            db,
            engine=replace(office.engine, effects={Effect.RESERVE: taken}),
            case=case,
            actor=office.actor(db, case, clerk),
            action="jadwalkan",
            given=Given(),
            now=office.now,
        )
    assert isinstance(said, Refused)
    assert [fault.text for fault in said.faults] == ["Jam 09.00 sudah penuh; pilih jam lain."]
    case = office.read(number)
    assert (case.stage, case.revision) == ("diajukan", 1)
    with office.writing() as db:
        refused = file_case(
            db,
            engine=replace(office.engine, told=(taken,)),
            service="pengaduan",
            given=Given(answers=answers(COMPLAINT)),
            applicant=Applicant(),
            now=office.now,
        )
    assert isinstance(refused, Refused)


def test_a_form_says_how_secret_a_case_is_whoever_typed_it_in(office: Office) -> None:
    assert office.file("pengaduan", identity="rahasia").secrecy == Secrecy.SECRET
    assert office.file("pengaduan", identity="anonim").secrecy == Secrecy.ANONYMOUS
    assert office.file("surat-keterangan-usaha").secrecy == Secrecy.OPEN


def test_who_asks_for_secrecy_when_correcting_a_report_has_it(office: Office) -> None:
    number = office.file("pengaduan", identity="terbuka", title="Pak Xaver parkir sembarangan").number
    coordinator = office.account("coordinator")
    assert isinstance(office.act(number, coordinator, "minta_lengkapi"), CaseRecord)
    with office.writing() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        corrected = {"identity": ["rahasia"], "title": ["Parkir di trotoar"], "name": ["Siti"]}
        given = Given(answers=answers(COMPLAINT) | corrected)
        done = act_on(
            db, engine=office.engine, case=case, actor=applicant_actor(case), action="lengkapi",
            given=given, now=office.now,
        )  # fmt: skip
        assert isinstance(done, CaseRecord), done
        assert (done.secrecy, done.title, done.applicant_name) == ("secret", "Parkir di trotoar", "Siti")

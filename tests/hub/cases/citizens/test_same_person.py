"""Nobody signs for themselves by asking as a citizen, at a counter, or by looking at their own KTP."""

from datetime import date

from hub.cases.citizens.about_you import AboutYou
from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import NikBox
from hub.cases.citizens.persons import keep_person, verify
from hub.cases.citizens.population import Match
from hub.cases.keeping.engine import Applicant
from hub.cases.keeping.models import CaseRecord
from hub.cases.machine.rules import Refusal, Refused
from hub.people.permissions import ScopeKind
from hub.people.sessions import Viewer
from tests.hub.cases.asking.citizen import NIK
from tests.hub.cases.office import WARD, Office

LETTER = "surat-keterangan-domisili"


def person(office: Office) -> int:
    """Write somebody with always the same NIK, in a row of its own."""
    said = AboutYou(
        "Siti Aminah", NIK, "Pontianak", date(1990, 8, 1), "", "Gg H Mursyid 5", WARD, "", ""
    )  # fmt: skip
    with office.writing() as db:
        return keep_person(db, said, box=NikBox(bytes(32)), match=Match.UNKNOWN, now=office.now).id


def signed_by(office: Office, lurah: Viewer, applicant: Applicant) -> CaseRecord | Refused:
    """Let others check a letter and the lurah sign it."""
    number = office.file(LETTER, applicant).number
    for role, action in (("counter-clerk", "lengkap"), ("ward-section-head", "setuju")):
        other = office.account(role, kind=ScopeKind.KELURAHAN, scope=WARD)
        assert isinstance(office.act_fully(number, other, action), CaseRecord)
    return office.act_fully(number, lurah, "tanda_tangan")


def test_the_nik_tells_whose_case_it_is_however_it_was_asked_for(office: Office) -> None:
    lurah, other = (office.account("lurah", kind=ScopeKind.KELURAHAN, scope=WARD) for _ in range(2))
    stranger = Applicant(person=person(office), name="Siti Aminah")
    assert isinstance(signed_by(office, lurah, stranger), CaseRecord), "not known to be the lurah yet"
    office.file(LETTER, Applicant(account=lurah.account_id, person=person(office), name="Siti"))
    again = Applicant(person=person(office), name="Siti Aminah")
    assert signed_by(office, lurah, again) == Refused(Refusal.OWN_CASE)
    assert isinstance(signed_by(office, other, again), CaseRecord)


def test_who_filed_for_somebody_or_saw_their_ktp_does_not_sign(office: Office) -> None:
    clerk, seer = (office.account("lurah", kind=ScopeKind.KELURAHAN, scope=WARD) for _ in range(2))
    number = person(office)
    with office.writing() as db:
        verify(
            db, db.get_one(CitizenPerson, number), account=seer.account_id, actor=seer.name, now=office.now
        )
    at_counter = Applicant(person=number, name="Siti Aminah", filed_by=clerk.account_id)
    assert signed_by(office, clerk, at_counter) == Refused(Refusal.FOUR_EYES)
    assert signed_by(office, seer, at_counter) == Refused(Refusal.FOUR_EYES)

"""The counter: a case for the citizen in front of it, papers compared once, a NIK for a reason alone."""

import re

from sqlalchemy import select

from hub.cases.citizens.models import CitizenPerson, NikReveal, VaultDocument
from hub.cases.citizens.persons import reveals_of
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.people.models import AuditEntry
from hub.people.permissions import Role, ScopeKind
from tests.hub.cases.asking.citizen import NIK, SHOP, SITI, filed, papers, send
from tests.hub.screens import Screens, csrf_of

WARD, OTHER_WARD = "61.71.01.1002", "61.71.04.1004"
FORM = "/loket/surat-keterangan-usaha"


def only_case(desk: Screens) -> CaseRecord:
    with desk.database.reading() as db:
        return db.scalars(select(CaseRecord).order_by(CaseRecord.id.desc())).first()  # type: ignore[return-value]


def test_a_clerk_asks_for_a_citizen_once_seen_and_then_known_by_nik(desk: Screens) -> None:
    clerk = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    page = clerk.get("/loket").get_data(as_text=True)
    assert "Surat Keterangan Usaha" in page
    done = send(clerk, FORM, {**SITI, **SHOP, **papers(), "lihat_ktp": "ya"})
    assert done.status_code == 303
    case = only_case(desk)
    with desk.database.reading() as db:
        person = db.get_one(CitizenPerson, case.applicant_person)
        sources = {file.source for file in db.scalars(select(CaseFile))}
    assert person.verified_at == desk.clock()
    assert (case.filed_by is not None, case.applicant_account, sources) == (True, None, {"officer"})
    token = csrf_of(clerk, "/loket")
    unknown = clerk.post("/loket/warga", data={"csrf_token": token, "nik": "6171014108900048"})
    assert (unknown.status_code, "Belum pernah" in unknown.get_data(as_text=True)) == (422, True)
    assert clerk.post("/loket/warga", data={"csrf_token": token, "nik": "12"}).status_code == 422
    clerk.post("/loket/warga", data={"csrf_token": token, "nik": NIK})
    page = clerk.get("/loket").get_data(as_text=True)
    assert "6171**********47" in page
    assert NIK not in page
    form = clerk.get(FORM).get_data(as_text=True)
    assert "diri_nik" not in form
    assert send(clerk, FORM, {**SHOP, **papers()}).status_code == 303
    second = only_case(desk)
    assert (second.id != case.id, second.applicant_person) == (True, person.id)
    again = {name: (data, name) for name, (data, _) in papers().items()}
    assert "belum diisi" in send(clerk, FORM, again).get_data(as_text=True)
    clerk.post("/loket/warga", data={"csrf_token": token, "selesai": "ya"})
    assert "diri_nik" in clerk.get(FORM).get_data(as_text=True)


def test_a_report_is_filed_on_its_own_page_alone_so_that_secrecy_and_limits_are_asked_for(
    desk: Screens,
) -> None:
    clerk = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    page = clerk.get("/loket").get_data(as_text=True)
    assert 'href="/lapor"' in page
    assert "/loket/pengaduan" not in page
    assert clerk.get("/loket/pengaduan").location == "/lapor"
    token = {"csrf_token": csrf_of(clerk, "/loket"), "isi-identity": "rahasia"}
    assert clerk.post("/loket/pengaduan", data=token).status_code == 404
    stranger = desk.stranger()
    token = {"csrf_token": csrf_of(stranger, "/lapor"), "isi-identity": "rahasia"}
    assert stranger.post("/layanan/pengaduan", data=token).location == "/lapor"
    with desk.database.reading() as db:
        assert db.scalars(select(CaseRecord)).first() is None


def test_a_clerk_reads_the_pin_once_and_may_not_act_for_the_applicant(desk: Screens) -> None:
    clerk = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    where = send(clerk, FORM, {**SITI, **SHOP, **papers()}).location
    shown = clerk.get(where).get_data(as_text=True)
    pin = re.search(r'class="pin-code">([0-9]{6})<', shown)
    assert pin is not None
    assert pin.group(1) not in clerk.get(where).get_data(as_text=True), "once"
    code = only_case(desk).tracking_code
    assert clerk.get(f"/tanda-terima/{code}").status_code == 404
    assert 'id="pin"' in clerk.get(f"/lacak/{code}").get_data(as_text=True), "asked like anybody else"
    assert clerk.get(f"/lacak/{code}/tindakan/batalkan").status_code == 404
    other = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    assert other.get(where).status_code == 404
    citizen = desk.stranger()
    citizen.post(f"/lacak/{code}/pin", data={"csrf_token": csrf_of(citizen, "/lacak"), "pin": pin.group(1)})
    assert 'id="pin"' not in citizen.get(f"/lacak/{code}").get_data(as_text=True)


def test_who_is_looked_up_at_a_counter_can_read_it_and_numbers_are_not_tried_without_end(
    desk: Screens,
) -> None:
    clerk = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    send(clerk, FORM, {**SITI, **SHOP, **papers(), "lihat_ktp": "ya"})
    token = csrf_of(clerk, "/loket")
    clerk.post("/loket/warga", data={"csrf_token": token, "nik": NIK})
    send(clerk, FORM, {**SHOP, **papers()})
    with desk.database.reading() as db:
        person = db.scalars(select(CitizenPerson)).one()
        told = [each.purpose for each in reveals_of(db, person)]
        number = only_case(desk).number
        entries = db.scalars(select(AuditEntry.object).where(AuditEntry.action == "citizen.find")).all()
    assert [words.split(" dengan ")[0] for words in told] == [
        f"Permohonan {number} diajukan di loket",
        "Dicari di loket",
    ]
    assert list(entries) == [f"citizen:{person.id}"]
    tries = [
        clerk.post("/loket/warga", data={"csrf_token": token, "nik": "6171014108900048"}).status_code
        for _ in range(16)
    ]
    assert tries == [422] * 15 + [429]


def test_a_counter_serves_its_own_part_of_the_city(desk: Screens) -> None:
    clerk = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=OTHER_WARD)
    refused = send(clerk, FORM, {**SITI, **SHOP, **papers()})
    assert refused.status_code == 422
    assert "bukan wilayah loket Anda" in refused.get_data(as_text=True)
    admin = desk.signed_in(Role.ADMIN)
    assert "tidak memegang peran loket" in admin.get("/loket").get_data(as_text=True)
    assert admin.get(FORM).status_code == 404
    assert clerk.get("/loket/tidak-ada").status_code == 404


def test_papers_are_compared_by_who_works_on_the_case_and_then_stand_in_the_vault(desk: Screens) -> None:
    filed(desk.stranger())
    case = only_case(desk)
    clerk = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    where = f"/berkas/{case.number}/pemohon"
    text = clerk.get(where).get_data(as_text=True)
    assert "6171**********47" in text
    assert "Lihat NIK" not in text, "the counter clerk decides nothing"
    with desk.database.writing() as db:
        file = db.scalars(select(CaseFile).where(CaseFile.requirement == "ktp")).one()
        db.add(
            VaultDocument(
                person_id=case.applicant_person,
                requirement="ktp",
                label="KTP",
                sha256=file.sha256,
                media_type=file.media_type,
                size_bytes=1,
                added_at=desk.clock(),
            )
        )
    token = {"csrf_token": csrf_of(clerk, where)}
    wrong = f"{where}/cocok/{file.id}"
    for until, words in (("besok", "tulis tanggal"), ("2020-01-01", "sudah lewat")):
        assert words in clerk.post(wrong, data={**token, "sampai": until}).get_data(as_text=True)
    assert clerk.post(f"{where}/cocok/999", data=token).status_code == 404
    assert clerk.post(wrong, data={**token, "sampai": "2030-01-01"}).status_code == 303
    assert clerk.post(f"{where}/ktp", data=token).status_code == 422, "without the tick"
    assert clerk.post(f"{where}/ktp", data={**token, "yakin": "ya"}).status_code == 303
    with desk.database.reading() as db:
        document = db.scalars(select(VaultDocument)).one()
        assert document.verified_at == desk.clock()
        assert str(document.valid_until) == "2030-01-01"
    stranger = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=OTHER_WARD)
    assert stranger.get(where).status_code == 404
    assert stranger.post(wrong, data={"csrf_token": csrf_of(stranger, "/loket")}).status_code == 404
    lurah = desk.signed_in(Role.LURAH, kind=ScopeKind.KELURAHAN, scope=WARD)
    assert lurah.post(wrong, data={"csrf_token": csrf_of(lurah, where)}).status_code == 404, "not a counter"


def test_a_nik_is_seen_for_a_typed_reason_that_its_owner_and_the_audit_can_read(desk: Screens) -> None:
    filed(desk.stranger())
    number = only_case(desk).number
    where = f"/berkas/{number}/pemohon"
    head = desk.signed_in(Role.WARD_SECTION_HEAD, kind=ScopeKind.KELURAHAN, scope=WARD)
    desk_of_head = head.get(where).get_data(as_text=True)
    token = {"csrf_token": csrf_of(head, where)}
    clerk = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    given = clerk.post(
        f"/berkas/{number}/tindakan/lengkap", data={"csrf_token": csrf_of(clerk, where), "revisi": "1"}
    )
    assert given.status_code == 303
    assert NIK not in desk_of_head
    short = head.post(f"{where}/nik", data={**token, "tujuan": "cek"})
    assert (short.status_code, "pemilik NIK akan membacanya" in short.get_data(as_text=True)) == (422, True)
    purpose = "Mencocokkan dengan kartu keluarga"
    shown = head.post(f"{where}/nik", data={**token, "tujuan": purpose}).get_data(as_text=True)
    assert NIK in shown
    assert NIK not in head.get(where).get_data(as_text=True), "once only"
    with desk.database.reading() as db:
        assert db.scalars(select(NikReveal)).one().purpose == purpose
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "nik.reveal")).one()
        assert NIK not in entry.detail + entry.object
    for role in (Role.ADMIN, Role.COUNTER_CLERK):
        other = desk.signed_in(role, kind=ScopeKind.KELURAHAN, scope=WARD)
        assert (
            other.post(
                f"{where}/nik", data={"csrf_token": csrf_of(other, "/loket"), "tujuan": purpose}
            ).status_code
            == 404
        )
    assert not re.search(NIK, "\n".join(map(str, desk.dump().values())))

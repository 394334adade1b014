"""The officer's screens: the inbox, a case, its actions; strangers and colleagues elsewhere get 404."""

import io

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.people.models import Account
from hub.people.permissions import Role, ScopeKind
from hub.people.signing_in.passwords import hash_password
from tests.hub.cases.office import OTHER_WARD, PUPR, WARD, Office
from tests.hub.screens import PASSWORD, Screens, csrf_of, post


def text_of(client: FlaskClient, path: str, code: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == code, path
    return answer.get_data(as_text=True)


def jpeg() -> io.BytesIO:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(content, "JPEG")
    content.seek(0)
    return content


def test_a_complaint_is_handed_on_worked_on_and_answered_on_screen(screens: Screens, office: Office) -> None:
    number = office.file("pengaduan", category="jalan", title="Lubang di depan sekolah").number
    coordinator = screens.signed_in(Role.COORDINATOR)
    liaison = screens.signed_in(Role.LIAISON, kind=ScopeKind.OPD, scope=str(PUPR))
    page, action = f"/berkas/{number}", f"/berkas/{number}/tindakan"
    assert "Lubang di depan sekolah" in text_of(coordinator, "/berkas")
    assert "Lubang di depan sekolah" not in text_of(liaison, "/berkas")
    text_of(liaison, page, 404)
    form = text_of(coordinator, f"{action}/teruskan")
    assert "Dinas Pekerjaan Umum dan Penataan Ruang (disarankan)" in form
    answer = post(coordinator, f"{action}/teruskan", f"{action}/teruskan", revisi="1", opd=str(PUPR))
    assert (answer.status_code, answer.location) == (303, page)
    assert "Di meja OPD" in text_of(liaison, page)
    again = post(coordinator, f"{action}/teruskan", revisi="1", opd=str(PUPR))
    assert again.status_code == 422
    assert "sudah berubah" in again.get_data(as_text=True)
    nothing = post(liaison, f"{action}/kerjakan", f"{action}/kerjakan", revisi="2")
    assert nothing.status_code == 422
    assert "Tulis catatannya." in nothing.get_data(as_text=True)
    assert post(liaison, f"{action}/kerjakan", revisi="2", catatan="Tim berangkat").status_code == 303
    fields = {"csrf_token": csrf_of(liaison, page), "revisi": "3", "catatan": "Sudah ditambal"}
    missing = liaison.post(f"{action}/selesaikan", data=fields)
    assert missing.status_code == 422
    assert "Sudah ditambal" in missing.get_data(as_text=True), "what was typed is kept"
    broken = {**fields, "berkas-foto_sesudah": (io.BytesIO(b"no picture"), "sesudah.jpg")}
    refused = liaison.post(f"{action}/selesaikan", data=broken)
    assert refused.status_code == 422
    assert "Sudah ditambal" in refused.get_data(as_text=True)
    upload = {**fields, "berkas-foto_sesudah": (jpeg(), "sesudah.jpg")}
    assert liaison.post(f"{action}/selesaikan", data=upload).status_code == 303
    shown = text_of(coordinator, page)
    assert "Sudah ditambal" in shown
    assert f"{page}/lampiran/" in shown
    file = shown.partition(f"{page}/lampiran/")[2].partition('"')[0]
    assert coordinator.get(f"{page}/lampiran/{file}").status_code in (200, 404)
    assert liaison.get(f"{page}/lampiran/99").status_code == 404


def test_a_lurah_sees_the_letters_of_one_kelurahan_only(screens: Screens, office: Office) -> None:
    number = office.file("surat-keterangan-usaha").number
    clerk = screens.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    elsewhere = screens.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=OTHER_WARD)
    head = screens.signed_in(Role.WARD_SECTION_HEAD, kind=ScopeKind.KELURAHAN, scope=WARD)
    page = f"/berkas/{number}"
    assert "Berkas lengkap" in text_of(clerk, page)
    assert "Berkas lengkap" not in text_of(head, page), "the head sees it, and has nothing to do yet"
    text_of(elsewhere, page, 404)
    assert post(elsewhere, f"{page}/tindakan/lengkap", revisi="1").status_code == 404
    assert post(head, f"{page}/tindakan/lengkap", revisi="1").status_code == 422
    assert screens.stranger().get(page, headers={"Accept": "text/html"}).status_code == 303
    assert post(clerk, f"{page}/tindakan/lengkap", page, revisi="1").status_code == 303
    assert number in text_of(head, "/berkas")
    text_of(clerk, "/berkas")  # takes the message away that names it
    assert number not in text_of(clerk, "/berkas")
    assert number in text_of(clerk, "/berkas?rak=semua")
    assert clerk.get(f"/berkas/cari?nomor={number.lower()}").location == page
    assert elsewhere.get(f"/berkas/cari?nomor={number}").location == "/berkas"


def test_who_is_only_told_that_time_runs_out_reads_no_papers(screens: Screens, office: Office) -> None:
    letter, complaint = office.file("surat-keterangan-usaha"), office.file("pengaduan", title="Lubang jalan")
    executive = screens.signed_in(Role.EXECUTIVE, Role.CAMAT)
    clerk = screens.signed_in(Role.COUNTER_CLERK)
    for client, is_readable in ((clerk, True), (executive, False)):
        text = text_of(client, f"/berkas/{letter.number}")
        assert ("Siti Aminah" in text) == is_readable
        assert ("bukan isi dan lampirannya" in text) == (not is_readable)
        assert ("/lampiran/" in text) == is_readable
    with office.database.reading() as db:
        file = db.scalars(select(CaseFile.id).where(CaseFile.case_id == letter.id)).first()
    assert executive.get(f"/berkas/{letter.number}/lampiran/{file}").status_code == 404
    shown = text_of(executive, f"/berkas/{complaint.number}")
    assert "Lubang jalan" in shown, "what is public of a complaint is for the executive too"
    assert "081234567890" not in shown


def test_opinions_are_given_by_the_opd_that_is_asked(screens: Screens, office: Office) -> None:
    number = office.file("pbg").number
    page = f"/berkas/{number}"
    verifier = screens.signed_in(Role.LICENSING_VERIFIER)
    assert post(verifier, f"{page}/tindakan/lengkap", page, revisi="1").status_code == 303
    pupr = screens.signed_in(Role.LIAISON, kind=ScopeKind.OPD, scope=str(PUPR))
    other = screens.signed_in(Role.LIAISON, kind=ScopeKind.OPD, scope="2")
    text_of(other, page, 404)
    assert "Beri pertimbangan" in text_of(pupr, page)
    assert number in text_of(pupr, "/berkas")
    path = f"{page}/pertimbangan/arsitektur"
    assert post(pupr, path, page, catatan="baik").status_code == 422
    assert post(pupr, path, page, pendapat="tidak").status_code == 422
    assert post(pupr, path, page, pendapat="tidak", catatan="garis sempadan").status_code == 303
    assert "garis sempadan" in text_of(verifier, page)
    assert post(pupr, f"{page}/pertimbangan/lingkungan", page, pendapat="ya", catatan="x").status_code == 422


def test_a_wrong_pin_signs_nothing_and_shows_the_form_again(screens: Screens, office: Office) -> None:
    number = office.file("surat-keterangan-usaha").number
    page = f"/berkas/{number}"
    for role, action, revision in (
        (Role.COUNTER_CLERK, "lengkap", "1"),
        (Role.WARD_SECTION_HEAD, "setuju", "2"),
    ):
        officer = screens.signed_in(role, kind=ScopeKind.KELURAHAN, scope=WARD)
        assert post(officer, f"{page}/tindakan/{action}", page, revisi=revision).status_code == 303
    lurah = screens.signed_in(Role.LURAH, kind=ScopeKind.KELURAHAN, scope=WARD)
    sign = f"{page}/tindakan/tanda_tangan"
    answer = post(lurah, sign, page, revisi="3", bukti="0000")
    assert answer.status_code == 401
    assert "tidak cocok" in answer.get_data(as_text=True)
    assert "Menunggu tanda tangan" in text_of(lurah, page)


def test_a_recording_is_released_by_a_second_person_with_their_password(
    screens: Screens, office: Office
) -> None:
    number = office.file("permintaan-rekaman").number
    first, operator = office.account("privacy-officer"), office.account("operator")
    for who, action in ((first, "layak"), (operator, "ada")):
        assert isinstance(office.act_fully(number, who, action), CaseRecord)
    supervisor = screens.signed_in(Role.SUPERVISOR, name="pengawas")
    with office.writing() as db:
        account = db.scalars(select(Account).where(Account.name == "pengawas")).one()
        account.password_hash = hash_password(PASSWORD)
    path, page = f"/berkas/{number}/tindakan/lepas", f"/berkas/{number}/tindakan/lepas"
    fields = {"revisi": str(office.read(number).revision), "catatan": "sesuai"}
    for proof, said in (("", "sekali lagi untuk menandatangani"), ("salah", "tidak cocok")):
        refused = post(supervisor, path, page, bukti=proof, **fields)
        assert refused.status_code == 401
        assert said in refused.get_data(as_text=True)
        assert "sesuai" in refused.get_data(as_text=True)
    assert post(supervisor, path, page, bukti=PASSWORD, **fields).status_code == 303
    assert office.read(number).stage == "selesai"
    assert supervisor.get(path).status_code == 404, "there is no such action any more"


def test_a_refused_file_keeps_the_note_and_the_place_it_is_sent_back_to(
    screens: Screens, office: Office
) -> None:
    number = office.file("pengaduan", category="jalan").number
    coordinator = office.account("coordinator")
    liaison = screens.signed_in(Role.LIAISON, kind=ScopeKind.OPD, scope=str(PUPR), name="penghubung")
    assert isinstance(office.act_fully(number, coordinator, "teruskan"), CaseRecord)
    page = f"/berkas/{number}"
    assert post(liaison, f"{page}/tindakan/kerjakan", page, revisi="2", catatan="mulai").status_code == 303
    fields = {"csrf_token": csrf_of(liaison, page), "revisi": "3", "catatan": "Sudah ditambal"}
    bomb = {**fields, "berkas-foto_sesudah": (io.BytesIO(b"<svg/>"), "foto.svg")}
    refused = liaison.post(f"{page}/tindakan/selesaikan", data=bomb)
    assert refused.status_code == 422
    assert "Sudah ditambal" in refused.get_data(as_text=True)
    back = post(liaison, f"{page}/tindakan/salah_alamat", page, revisi="3", catatan="milik Dishub")
    assert (back.status_code, back.location) == (303, "/berkas"), "it is not theirs to see any more"

"""The editor on screen: a new letter without a programmer, faults beside the field, four eyes, simulation."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from hub.cases.editor.models import DefinitionDraft
from hub.cases.keeping.models import DefinitionVersion
from hub.cases.keeping.versions import definition_of, load_shipped, newest
from hub.people import audit
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from tests.hub.cases.office import Office
from tests.hub.screens import Screens, csrf_of, post

HOME = "/definisi/draf/1"
PART = f"{HOME}/bagian"


def text_of(client: FlaskClient, path: str, code: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == code, path
    return answer.get_data(as_text=True)


def save(client: FlaskClient, screens: Screens, **fields: str) -> str:
    """Save a part with the revision of now; return where it leads, or the page with what is wrong."""
    with screens.database.reading() as db:
        revision = db.get_one(DefinitionDraft, 1).revision
    data = {"revisi": str(revision), **{name.replace("__", "."): text for name, text in fields.items()}}
    answer = client.post(PART, data={"csrf_token": csrf_of(client, "/definisi"), **data})
    return answer.location if answer.status_code == 303 else answer.get_data(as_text=True)


def act(client: FlaskClient, screens: Screens, what: str, **fields: str) -> tuple[int, str]:
    with screens.database.reading() as db:
        revision = db.get_one(DefinitionDraft, 1).revision
    answer = post(client, f"{HOME}/{what}", HOME, **{"revisi": str(revision), **fields})
    return answer.status_code, answer.get_data(as_text=True)


def test_a_new_letter_is_made_looked_over_published_and_asked_for(screens: Screens, desk: Office) -> None:
    author, second = screens.signed_in(Role.ADMIN), screens.signed_in(Role.SUPERVISOR)
    begun = post(
        author, "/definisi", "/definisi", nama="Surat Keterangan Kebun", dari="surat-keterangan-usaha"
    )
    assert begun.location == HOME
    page = text_of(author, HOME)
    assert "layanan baru “Surat Keterangan Kebun”" in page
    assert (
        save(author, screens, jenis="isian", label="Luas kebun (m²)", kind="number", is_required="ya") == HOME
    )
    wrong = save(
        author, screens, jenis="surat", number="{serial}", classification="500.3", signed_by="lurah",
        words__opening="Kami", words__statement="memiliki kebun {luas}", words__closing="Demikian.",
    )  # fmt: skip
    assert wrong == f"{PART}?jenis=surat"
    assert "tidak ada isian {luas}" in text_of(author, wrong)
    assert "Surat › Naskah sendiri: pernyataan" in text_of(author, HOME)
    assert act(author, screens, "ajukan", alasan="x")[0] == 422, "what has faults is not offered"
    right = save(
        author, screens, jenis="surat", number="{serial}", classification="500.3", signed_by="lurah",
        template="umum", words__opening="Kami", words__statement="memiliki kebun {luas_kebun_m} m²",
        words__closing="Demikian.",
    )  # fmt: skip
    assert right == HOME
    assert "Luas kebun (m²)" in text_of(author, f"{HOME}/formulir")
    pdf = author.get(f"{HOME}/surat.pdf")
    assert (pdf.status_code, pdf.mimetype, pdf.data[:4]) == (200, "application/pdf", b"%PDF")
    assert "Belum ada berkas layanan ini" in text_of(author, f"{HOME}/simulasi")
    assert act(author, screens, "terbitkan")[0] == 422, "not before it was offered"
    assert act(author, screens, "ajukan")[0] == 422, "not without a reason"
    assert act(author, screens, "ajukan", alasan="Perwa 1/2026")[0] == 303
    code, refused = act(author, screens, "terbitkan")
    assert (code, "Empat mata" in refused) == (422, True)
    assert act(second, screens, "terbitkan")[0] == 303
    assert "Luas kebun (m²)" in text_of(second, "/layanan/surat-keterangan-kebun")
    shown = text_of(author, "/definisi/layanan/surat-keterangan-kebun")
    assert "Perwa 1/2026" in shown
    with screens.database.reading() as db:
        acts = db.scalars(select(AuditEntry.action).where(AuditEntry.action.like("definition.%"))).all()
        assert acts == ["definition.draft", "definition.offer", "definition.publish"]
        assert audit.first_broken(db) is None
    assert act(author, screens, "buang", yakin="ya")[0] == 422, "what is published stays"


def test_a_running_case_keeps_its_version_and_a_new_one_gets_the_new(screens: Screens, desk: Office) -> None:
    old = desk.file("pbg").number
    alone = screens.signed_in(Role.ADMIN)
    assert post(alone, "/definisi", "/definisi", dari="pbg").location == HOME
    assert save(
        alone,
        screens,
        jenis="tahap",
        nama="ditolak",
        label="Tidak disetujui",
        public_status="ditolak",
        is_end="ya",
        reach="city",
    )
    assert "“Ditolak” menjadi “Tidak disetujui”" in text_of(alone, HOME)
    simulated = text_of(alone, f"{HOME}/simulasi?jumlah=5")
    assert old in simulated
    assert act(alone, screens, "ajukan", alasan="Kata yang lebih ramah")[0] == 303
    assert act(alone, screens, "terbitkan")[0] == 303, "nobody else may: alone, and the audit says so"
    new = desk.file("pbg").number
    assert (desk.read(old).version, desk.read(new).version) == (1, 2)
    with screens.database.reading() as db:
        assert definition_of(db, "pbg", 1).stage("ditolak").label == "Ditolak"
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "definition.publish")).one()
        assert "satu orang: tidak ada yang lain" in entry.detail
    with screens.database.writing() as db:
        load_shipped(db, now=desk.now)
        found = newest(db, "pbg")
        assert found is not None
        assert found.stage("ditolak").label == "Tidak disetujui", "an update does not take it back"
    page = text_of(alone, "/definisi/layanan/pbg")
    assert "1 perubahan dari versi sebelumnya" in page
    assert len(re.findall("1, 1 berjalan", page)) == 2


def test_whoever_comes_second_is_told_and_loses_nothing(screens: Screens, desk: Office) -> None:
    one, two = screens.signed_in(Role.ADMIN), screens.signed_in(Role.ADMIN)
    post(one, "/definisi", "/definisi", dari="pbg")
    assert save(one, screens, jenis="isian", nama="size", label="Luas", kind="number") == HOME
    late = save(two, screens, jenis="isian", nama="size", label="Luas lantai", kind="number", revisi="1")
    assert "baru saja diubah orang lain" in late
    assert "Luas lantai" in late


def test_stages_actions_and_opinions_are_added_moved_and_taken_out(screens: Screens, desk: Office) -> None:
    admin = screens.signed_in(Role.ADMIN)
    post(admin, "/definisi", "/definisi", dari="pbg")
    stage = save(
        admin, screens, jenis="tahap", label="Arsip", public_status="diarsipkan", is_end="ya", reach="city"
    )
    assert stage == f"{PART}?jenis=tahap&nama=arsip"
    assert "tidak ada jalan ke tahap ini" in text_of(admin, stage)
    back = save(admin, screens, jenis="tindakan", tahap="tanda_tangan", label="Arsipkan", to="arsip")
    assert back == f"{PART}?jenis=tahap&nama=tanda_tangan"
    assert "Dapat diajukan setelah semua diperbaiki" not in text_of(admin, HOME)
    save(admin, screens, jenis="tindakan", tahap="tanda_tangan", nama="arsipkan", lakukan="naik")
    shown = text_of(admin, back)
    assert shown.index("Arsipkan") < shown.index("Tolak")
    save(admin, screens, jenis="pertimbangan", tahap="penilaian", label="Cagar budaya", role="liaison")
    assert "Cagar budaya" in text_of(admin, f"{PART}?jenis=tahap&nama=penilaian")
    assert (
        save(admin, screens, jenis="tindakan", tahap="tanda_tangan", nama="arsipkan", lakukan="hapus") == back
    )
    assert save(admin, screens, jenis="tahap", nama="arsip", lakukan="hapus") == HOME
    for path in ("?jenis=tiada", "?jenis=isian&nama=tiada", "?jenis=tindakan&tahap=tiada"):
        text_of(admin, PART + path, 404)


def test_who_knows_toml_may_type_it_and_faults_of_it_are_named(screens: Screens, desk: Office) -> None:
    admin = screens.signed_in(Role.ADMIN)
    post(admin, "/definisi", "/definisi", dari="surat-pengantar")
    shown = text_of(admin, f"{HOME}/naskah")
    assert "[[stages]]" in shown
    bad = post(admin, f"{HOME}/naskah", HOME, revisi="1", naskah="label = ")
    assert (bad.status_code, "Bukan TOML yang sah" in bad.get_data(as_text=True)) == (422, True)
    kept = post(
        admin, f"{HOME}/naskah", HOME, revisi="1", naskah='label = "Surat"\ncode = "lain"\nstages = 3'
    )
    assert kept.status_code == 303
    page = text_of(admin, HOME)
    assert "Yang harus diperbaiki" in page
    with screens.database.reading() as db:
        assert '"code":"surat-pengantar"' in db.get_one(DefinitionDraft, 1).body, "a code never changes"
    assert act(admin, screens, "buang")[0] == 422, "not without the tick"
    assert act(admin, screens, "buang", yakin="ya")[0] == 303
    assert "draf/1" not in text_of(admin, "/definisi")


def test_a_service_needs_a_source_a_name_and_a_code_of_its_own(screens: Screens, desk: Office) -> None:
    admin = screens.signed_in(Role.ADMIN)
    for fields, words in (
        ({"nama": "Baru", "dari": "tiada"}, "Pilih layanan"),
        ({"nama": "…", "dari": "pbg"}, "Beri nama yang berhuruf"),
        ({"nama": "Pengaduan", "dari": "pbg"}, "sudah dipakai"),
    ):
        answer = post(admin, "/definisi", "/definisi", **fields)
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True)
    text_of(admin, "/definisi/layanan/tiada", 404)
    text_of(admin, "/definisi/draf/7", 404)
    text_of(screens.signed_in(Role.OPERATOR), "/definisi", 404)
    with screens.database.reading() as db:
        assert db.scalars(select(DefinitionDraft)).all() == []
        assert (
            db.scalars(select(DefinitionVersion.code).where(DefinitionVersion.published_at.is_(None))).all()
            == []
        )


def test_a_letter_that_cannot_be_printed_has_no_preview(screens: Screens, desk: Office) -> None:
    admin = screens.signed_in(Role.ADMIN)
    post(admin, "/definisi", "/definisi", dari="pengaduan")
    text_of(admin, f"{HOME}/surat.pdf", 404)

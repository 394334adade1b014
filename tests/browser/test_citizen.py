"""A citizen with a telephone of 360 px and scripts off: asks, errs, follows; axe finds nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from hub.cases.citizens.examples import WARD, Stage, play
from hub.cases.citizens.models import CitizenAccount
from hub.cases.citizens.nik import load_or_make_box
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import load_shipped
from hub.casework import case_engine
from hub.notify.models import OutboxMessage
from hub.people import sessions
from hub.people.models import Account, Opd
from hub.places.areas import load_areas
from hub.registers.keeping.reach import EVERYTHING
from hub.registers.keeping.service import Actor, Given, add_row
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import Value
from tests.browser.conftest import Hub, new_page
from tests.browser.test_accessibility import AXE, violations
from tests.hub.cases.attachments import uploads
from tests.hub.screens import make_config

LETTER = "/layanan/surat-keterangan-usaha"


@pytest.fixture(scope="module", autouse=True)
def _services(hub: Hub) -> None:
    now = datetime.now(UTC)
    config = make_config(hub.folder)
    with hub.database.writing() as db:
        load_areas(db)
        load_shipped(db, now=now)
        box = load_or_make_box(hub.folder / "nik.key")
        play(db, Stage(engine=case_engine(config), box=box, folder=hub.folder / "case-files"), now)
        number, today = next(iter(db.scalars(select(Opd.number)))), now.date()
        later = (today + timedelta(days=30)).isoformat()
        values: dict[str, Value] = {
            "kode": "PL-1",
            "nama": "Foto produk",
            "mulai": later,
            "kuota": 9,
            "status": "dibuka",
        }
        actor = Actor(name="siti", now=now, today=today, reach=EVERYTHING)
        add_row(db, kind_of("pelatihan"), Given(values=values, owner=number), actor)


def files(folder: Path) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    for name, content in (
        ("ktp.jpg", uploads.jpeg(1600, 1200, turned=True)),
        ("kk.pdf", uploads.PDF),
        ("film.mp4", uploads.VIDEO),
    ):
        (folder / name).write_bytes(content)
    return {name: str(folder / name) for name in ("ktp.jpg", "kk.pdf", "film.mp4")}


def fill(page: Page) -> None:
    for name, text in (
        ("diri_name", "Siti Aminah"),
        ("diri_nik", "6171014108900047"),
        ("diri_birth_place", "Pontianak"),
        ("diri_birth_date", "1990-08-01"),
        ("diri_address", "Gg H Mursyid 5, RT 2"),
        ("business", "Warung Siti"),
        ("trade", "Kelontong"),
        ("address", "Gg H Mursyid 5"),
        ("since", "2019-02-01"),
    ):
        page.fill(f"#isi-{name}", text)
    page.select_option("#isi-diri_kelurahan", WARD)


def sign_in_as(page: Page, hub: Hub, name: str) -> None:
    now = datetime.now(UTC)
    with hub.database.writing() as db:
        account = db.scalars(select(Account).where(Account.name == name)).one()
        account.must_change_password = False
        token = sessions.begin(db, account=account, now=now, address="::1", agent="test")
    page.context.add_cookies([{"name": "pontive", "value": token, "url": hub.address}])


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def own_pages(page: Page, hub: Hub, case: CaseRecord, theme: str) -> tuple[str, ...]:
    """Sign the applicant of a case in by the code that was sent; return their own pages."""
    email = f"siti.{theme}@contoh.id"
    page.goto(hub.address + "/warga/masuk")
    page.fill("#email", email)
    page.locator("main form button").click()
    page.evaluate(AXE)
    assert violations(page) == [], "/warga/kode"
    with hub.database.reading() as db:
        sent = db.scalars(select(OutboxMessage.subject).where(OutboxMessage.address == email)).one()
    page.fill("#kode", sent.removeprefix("Kode masuk: "))
    page.locator("main form button").click()
    page.wait_for_url("**/warga/data-diri")
    with hub.database.writing() as db:
        db.execute(
            update(CitizenAccount)
            .where(CitizenAccount.address == email)
            .values(person_id=case.applicant_person)
        )
    page.goto(f"{hub.address}/lacak/{case.tracking_code}")
    answer = page.get_by_role("link", name="Kirim lagi").get_attribute("href")
    assert answer is not None
    return ("/warga", "/warga/data-diri", "/warga/brankas", f"/lacak/{case.tracking_code}", answer)


def test_a_letter_is_asked_for_followed_and_corrected_without_scripts(
    browser: Browser, hub: Hub, complaints: list[str], tmp_path: Path
) -> None:
    have = files(tmp_path / "papers")
    page = new_page(browser, complaints, width=360, java_script_enabled=False)
    page.goto(hub.address + "/layanan")
    page.fill("#cari", "SIUP")
    page.click("text=Cari >> nth=-1")
    page.click("#hasil ~ ul >> text=Surat Keterangan Usaha")
    fill(page)
    for name, path in (
        ("ktp", "ktp.jpg"),
        ("kk", "kk.pdf"),
        ("pengantar_rt", "ktp.jpg"),
        ("foto_usaha", "film.mp4"),
    ):
        page.set_input_files(f"#berkas-{name}", have[path])
    page.click("text=Kirim permohonan")
    # A film of 40 MB and a field that was forgotten: both named, everything else still there.
    summary = page.locator(".fault-summary").inner_text()
    assert "“film.mp4” ini video" in summary
    assert "Untuk keperluan: belum diisi" in summary
    assert page.input_value("#isi-business") == "Warung Siti"
    assert page.locator("input[name=ada-ktp]").is_checked()
    page.fill("#isi-purpose", "Pinjaman bank")
    page.set_input_files("#berkas-foto_usaha", have["ktp.jpg"])
    page.click("text=Kirim permohonan")
    assert page.locator("h1").inner_text() == "Sudah kami terima"
    code, pin = page.locator(".receipt-code .code").inner_text(), page.locator(".pin-code").inner_text()

    other = new_page(browser, complaints, width=360, java_script_enabled=False)
    other.goto(hub.address + "/lacak")
    other.fill("#kode", code.lower())
    other.click("main button")
    assert "Diterima" in other.locator(".case-status").inner_text()
    assert other.locator("text=Berkas yang Anda kirim").count() == 0
    other.fill("#pin", pin)
    other.click("text=Buka")
    assert other.locator("text=Berkas yang Anda kirim").count() == 1


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_pages_of_citizens_and_of_the_counter_have_no_violations_and_fit_a_telephone(
    browser: Browser, hub: Hub, complaints: list[str], theme: str
) -> None:
    with hub.database.reading() as db:
        returned = db.scalars(select(CaseRecord).where(CaseRecord.stage == "perbaikan")).one()
    page = new_page(browser, complaints, width=360, bypass_csp=True)
    page.goto(hub.address + "/layanan")
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    for path in (
        "/layanan?cari=imb",
        LETTER,
        "/lacak",
        f"/lacak/{returned.tracking_code}",
        "/warga/masuk",
        "/ruang",
        "/ruang/media",
    ):
        page.goto(hub.address + path)
        assert page.locator("html").get_attribute("data-theme") == theme
        page.evaluate(AXE)
        assert violations(page) == [], path
        assert fits(page), path
    for path in own_pages(page, hub, returned, theme):
        page.goto(hub.address + path)
        page.evaluate(AXE)
        assert violations(page) == [], path
        assert fits(page), path
    page.goto(hub.address + "/pelatihan")
    page.get_by_role("link", name="Daftar Foto produk").click()
    assert page.input_value("#isi-training") == "PL-1"
    for name, text in (("name", "Siti"), ("contact", "081157000000")):
        page.fill(f"#isi-{name}", text)
    page.select_option("#isi-kelurahan", index=1)
    page.check("input[name=isi-has_business][value=no]")
    page.click("text=Kirim permohonan")
    expect(page.locator("h1")).to_have_text("Sudah kami terima")
    page.evaluate(AXE)
    assert violations(page) == [], "the receipt"
    assert fits(page), "the receipt"
    page.goto(hub.address + "/layanan/ktp-kk")
    hidden = page.locator("#berkas-lapor_hilang")
    assert not hidden.is_visible()
    page.check("input[value=ktp_hilang]")
    assert hidden.is_visible()
    page.click("text=Kirim permohonan")
    page.evaluate(AXE)
    assert violations(page) == [], "with faults"
    sign_in_as(page, hub, "loket.bml")
    for path in ("/loket", "/loket/surat-keterangan-usaha", f"/berkas/{returned.number}/pemohon"):
        page.goto(hub.address + path)
        page.evaluate(AXE)
        assert violations(page) == [], path
        assert fits(page), path
    assert [one for one in complaints if "422" not in one and "404" not in one] == []

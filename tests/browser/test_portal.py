"""The portal in a real Chromium: fits, installs, and shows the last data when the server is gone."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.permissions import Role
from hub.people.service import add_account
from tests.browser.conftest import new_page
from tests.browser.looks import phone_and_desk
from tests.browser.test_main_pages import wrong_with
from tests.browser.waiting import until_true
from tests.conftest import CHROMIUM
from tests.hub.cases.attachments import uploads
from tests.hub.portal.town import fill_town
from tests.hub.web.running import running_server

PATHS = ("/", "/luring", "/cari?cari=surat", "/cari?cari=zzqx", "/cuaca", "/agenda", "/tempat")
FIRST_LOAD_BYTES = 100 * 1024
NAME = "Rahasiawan"


@dataclass
class Town:
    """A running hub with something in every tile, and the token of somebody who may everything."""

    address: str
    token: str


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("portal")
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    now = datetime.now(UTC)
    fill_town(database, folder, now)
    with database.writing() as db:
        account = add_account(
            db, name="wan", display_name=NAME, roles=(Role.ADMIN,), now=now, actor="test"
        ).account
        account.must_change_password = False
        token = sessions.begin(db, account=account, now=now, address="::1", agent="test")
    database.close()
    return folder, token


@pytest.fixture(scope="module")
def town(prepared: tuple[Path, str]) -> Iterator[Town]:
    folder, token = prepared
    with running_server(folder) as address:
        yield Town(address, token)


@pytest.fixture
def phone(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that keeps what it is given; a private window would install nothing."""
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=str(CHROMIUM),
        viewport={"width": 360, "height": 740},
    )
    yield context
    context.close()


def kept_addresses(page: Page) -> set[str]:
    """Return every address that lies in any memory of the browser for this hub."""
    found: list[str] = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
          return found;
        }"""
    )
    return {one for one in found if not one.startswith("/aset/")}


def wait_for_the_worker(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    until_true(page, "navigator.serviceWorker.controller !== null")
    until_true(page, "caches.match('/luring').then((kept) => kept !== undefined)")


@phone_and_desk
def test_the_portal_has_no_violations_and_fits(
    town: Town, browser: Browser, complaints: list[str], width: int, theme: str
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    page.goto(f"{town.address}/")
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    wrong = [f"{path}: {what}" for path in PATHS for what in wrong_with(page, town.address, path, width)]
    assert wrong == []
    assert complaints == []


def test_the_front_page_is_read_and_searched_without_scripts(
    town: Town, browser: Browser, complaints: list[str]
) -> None:
    page = new_page(browser, complaints, width=360, java_script_enabled=False)
    page.goto(f"{town.address}/")
    expect(page.locator(".tile-prices .moved-bad").first).to_contain_text("Cabai rawit")
    page.get_by_text("KTP, KK, pindah").click()
    expect(page.get_by_role("link", name="KTP dan Kartu Keluarga").first).to_be_visible()
    page.get_by_label("Cari di kota ini").fill("siup")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Pendampingan NIB").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pendampingan NIB")


def test_the_first_load_is_small(town: Town, browser: Browser, complaints: list[str]) -> None:
    page = new_page(browser, complaints, width=360, service_workers="block")
    sizes: list[int] = []
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(f"{town.address}/", wait_until="networkidle")
    assert len(sizes) >= 5
    assert sum(sizes) <= FIRST_LOAD_BYTES, sizes


def test_it_installs_and_shows_the_last_data_with_its_moment_when_the_server_is_gone(
    prepared: tuple[Path, str], phone: BrowserContext
) -> None:
    server, page = ExitStack(), phone.pages[0]
    address = server.enter_context(running_server(prepared[0]))
    page.goto(f"{address}/")
    wait_for_the_worker(page)
    cdp = phone.new_cdp_session(page)
    manifest = cdp.send("Page.getAppManifest")
    assert manifest["url"] == f"{address}/manifest.webmanifest"
    assert manifest["errors"] == []
    assert cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    page.get_by_role("button", name="Warna terang").click()
    page.wait_for_url(f"{address}/")

    server.close()

    for path in ("/", "/harga", "/lingkungan/tugu", "/laporan?status=terbuka"):
        page.goto(f"{address}{path}")
        notice = page.locator(".kept-notice")
        expect(notice).to_contain_text("Tidak ada sambungan. Data terakhir, ")
        expect(notice).to_contain_text(f"{datetime.now(UTC).year}")
        expect(notice).to_contain_text("WIB")
        expect(page.locator(".tile-prices")).to_contain_text("Cabai rawit")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.locator(".tile-foot [data-age]").first).not_to_be_empty()
    # A page of somebody's own is not answered from memory: the browser says that there is no network.
    with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        page.goto(f"{address}/berkas")


def test_no_page_of_a_session_ever_enters_the_memory(town: Town, phone: BrowserContext) -> None:
    page = phone.pages[0]
    page.goto(f"{town.address}/")
    wait_for_the_worker(page)
    phone.add_cookies([{"name": "pontive", "value": town.token, "url": town.address}])
    for path in (
        "/",
        "/harga",
        "/lapor",
        "/layanan",
        "/warga/masuk",
        "/lacak",
        "/berkas",
        "/kepegawaian",
        "/luring",
    ):
        page.goto(f"{town.address}{path}")
    page.goto(f"{town.address}/")
    expect(page.locator(".menu-name")).to_have_text(NAME)
    assert kept_addresses(page) == {"/luring", "/lapor/luring"}
    text = page.evaluate("caches.match('/luring').then((kept) => kept.text())")
    assert "Cabai rawit" in text
    for private in (NAME, "csrf", "<form", town.token):
        assert private not in text
    form = page.evaluate("caches.match('/lapor/luring').then((kept) => kept.text())")
    assert 'name="csrf_token" value=""' in form
    assert NAME not in form


def test_a_complaint_without_network_waits_on_the_phone_with_its_photo_and_is_filed_once(
    prepared: tuple[Path, str], phone: BrowserContext, tmp_path: Path
) -> None:
    (tmp_path / "lubang.jpg").write_bytes(uploads.jpeg(1200, 900))
    server, page = ExitStack(), phone.pages[0]
    address = server.enter_context(running_server(prepared[0]))
    page.goto(f"{address}/")
    wait_for_the_worker(page)
    until_true(page, "caches.match('/lapor/luring').then((kept) => kept !== undefined)")
    server.close()

    page.goto(f"{address}/lapor")
    expect(page.locator(".kept-notice")).to_contain_text("laporan disimpan di ponsel ini")
    page.set_input_files("#berkas-foto", str(tmp_path / "lubang.jpg"))
    page.click("input.report-map", position={"x": 150, "y": 120})
    page.check("input[name=category][value=jalan]")
    page.fill("#text", "Jalan berlubang di depan sekolah, dilaporkan tanpa sinyal.")
    page.get_by_role("button", name="Kirim laporan").click()
    waiting = page.locator("#di-ponsel")
    expect(waiting).to_contain_text("Menunggu sambungan", timeout=30_000)
    expect(waiting).to_contain_text("1 foto")
    expect(page.locator("#text")).to_have_value("")
    page.goto(f"{address}/harga")
    expect(page.locator("#di-ponsel")).to_contain_text("dilaporkan tanpa sinyal")
    assert page.evaluate("pontiveLapor.all().then((all) => all.length)") == 1

    with running_server(prepared[0], port=int(address.rsplit(":", 1)[1])):
        page.goto(f"{address}/lapor")
        expect(page.locator("#di-ponsel")).to_contain_text("Terkirim. Kode lacak", timeout=120_000)
        code = page.locator("#di-ponsel .code").inner_text()
        # The hub's answer was lost: the phone does not know that it arrived, and sends it again.
        again = """async () => {
          const [one] = await pontiveLapor.all();
          const body = new FormData();
          body.set("csrf_token", await pontiveLapor.key());
          for (const [name, value] of Object.entries({ kiriman: one.token, text: "Jalan berlubang, lagi.",
            category: "jalan", kelurahan: "61.71.04.1004", tetap: "ya" })) body.set(name, value);
          return new URL((await fetch("/lapor", { method: "POST", body })).url).pathname;
        }"""
        assert page.evaluate(again) == f"/tanda-terima/{code}"
        page.locator("#di-ponsel .code").click()
        expect(page.locator(".receipt-code .code")).to_have_text(code)
    database = Database(f"sqlite:///{prepared[0]}/hub.db")
    with database.reading() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.tracking_code == code)).one()
        files = db.scalars(select(CaseFile).where(CaseFile.case_id == case.id)).all()
        alike = db.scalars(select(CaseRecord).where(CaseRecord.title.contains("berlubang"))).all()
    database.close()
    assert len(files) == 1
    assert [one.id for one in alike if one.opened_at >= case.opened_at] == [case.id]

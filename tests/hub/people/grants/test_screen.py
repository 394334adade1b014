"""Accounts and roles on screen: given, withdrawn, refused, noted; nobody climbs by it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.people.models import Account, AuditEntry, LoginSession, PersonAccount, RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.people.service import grants_of
from tests.hub.people.staff.conftest import OTHER, Personnel, said, send
from tests.hub.people.staff.conftest import personnel as personnel

GIVE = {"akun": "siti", "peran": "personnel", "lingkup": "opd:1", "mulai": "2026-11-21", "sk": "SK 1/2026"}


@pytest.fixture
def siti(personnel: Personnel) -> FlaskClient:
    """The browser of Siti, person 101, an employee."""
    client = personnel.screens.signed_in(Role.EMPLOYEE, name="siti")
    link(personnel, "siti", 101)
    return client


def link(personnel: Personnel, name: str, person: int) -> None:
    account = personnel.account(name)
    with personnel.writing() as db:
        db.add(PersonAccount(account_id=account.id, person_number=person))


def held(personnel: Personnel, name: str) -> list[tuple[str, str, str]]:
    account = personnel.account(name)
    with personnel.writing() as db:
        grants = grants_of(db, account.id, personnel.screens.clock())
        return [(grant.role, grant.scope_kind, grant.scope_id) for grant in grants]


def grant_id(personnel: Personnel, name: str, role: Role) -> str:
    account = personnel.account(name)
    with personnel.writing() as db:
        query = select(RoleGrant.id).where(RoleGrant.account_id == account.id, RoleGrant.role == role)
        return str(db.scalars(query).one())


def give(client: FlaskClient, **change: str) -> str:
    return said(client, send(client, "/akun/peran", **(GIVE | change)))


def test_a_role_is_given_with_scope_dates_and_decree_and_opens_its_screens(
    personnel: Personnel, siti: FlaskClient
) -> None:
    client = personnel.officer()
    assert siti.get("/kepegawaian").status_code == 404
    page = give(client, sampai="2026-12-31")
    assert "Peran diberikan" in page
    assert "SK 1/2026" in page
    assert siti.get("/kepegawaian").status_code == 200
    personnel.screens.clock.advance(days=41)
    with personnel.writing() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "role.grant")).one()
        until = db.scalars(select(RoleGrant.valid_to).where(RoleGrant.decree == "SK 1/2026")).one()
    assert (entry.object, entry.detail) == ("account:siti", "personnel in opd 1; SK 1/2026")
    assert str(until) == "2026-12-31 17:00:00+00:00", "the last day counts, in the city's time"
    assert held(personnel, "siti") == [("employee", "city", "")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"akun": "nobody"}, "Tidak ada akun dengan nama itu"),
        ({"peran": "king"}, "Pilih peran dan lingkupnya"),
        ({"lingkup": "moon:1"}, "Pilih peran dan lingkupnya"),
        ({"lingkup": "opd:99"}, "Pilih lingkup dari daftar"),
        ({"lingkup": "opd:"}, "Pilih lingkup dari daftar"),
        ({"lingkup": "site:balai"}, "yang Anda pegang sendiri"),
        ({"lingkup": "opd:2"}, "yang Anda pegang sendiri"),
        ({"lingkup": "city:"}, "yang Anda pegang sendiri"),
        ({"peran": "admin"}, "yang Anda pegang sendiri"),
        ({"peran": "superior"}, "yang Anda pegang sendiri"),
        ({"sk": " "}, "Isi nomor SK"),
        ({"mulai": "besok"}, "Isi tanggal sebagai"),
        ({"sampai": "2026-11-20"}, "Akhir masa harus sesudah"),
    ],
)
def test_what_may_not_be_given_is_refused(
    personnel: Personnel, siti: FlaskClient, change: dict[str, str], words: str
) -> None:
    assert words in give(personnel.officer(), **change)
    assert held(personnel, "siti") == [("employee", "city", "")]


def test_only_roles_that_one_may_give_are_offered(personnel: Personnel) -> None:
    officer = personnel.officer().get("/akun").get_data(as_text=True)
    offered = officer.split('id="peran"')[1].split("</select>")[0]
    assert 'value="personnel"' in offered
    assert 'value="employee"' in offered
    assert 'value="admin"' not in offered
    scopes = officer.split('id="lingkup"')[1].split("</select>")[0]
    assert 'value="opd:1"' in scopes
    assert 'value="unit:11"' in scopes
    assert 'value="city:"' not in scopes
    assert 'value="opd:2"' not in scopes
    assert 'value="admin"' in personnel.admin().get("/akun").get_data(as_text=True).split('id="peran"')[1]


def test_a_role_is_withdrawn_at_once_and_by_who_holds_it(personnel: Personnel, siti: FlaskClient) -> None:
    officer = personnel.officer()
    give(officer)
    number = grant_id(personnel, "siti", Role.PERSONNEL)
    stranger = personnel.officer(opd=2)
    assert "tidak ada atau sudah berakhir" in said(
        stranger, send(stranger, "/akun/peran/cabut", peran=number, yakin="ya")
    )
    assert siti.get("/kepegawaian").status_code == 200
    assert "Peran dicabut" in said(officer, send(officer, "/akun/peran/cabut", peran=number, yakin="ya"))
    assert siti.get("/kepegawaian").status_code == 404
    for gone in (number, "999", "x"):
        assert "sudah berakhir" in said(officer, send(officer, "/akun/peran/cabut", peran=gone, yakin="ya"))


def test_an_opds_admin_cannot_act_on_who_holds_more(personnel: Personnel) -> None:
    admin = personnel.screens.account(Role.ADMIN, name="walikota")
    link(personnel, admin, 102)
    officer = personnel.officer()
    page = officer.get("/akun").get_data(as_text=True)
    assert "walikota" in page
    for path, fields in (("/akun/sandi", {}), ("/akun/nonaktif", {"nonaktif": "ya"})):
        answer = said(officer, send(officer, path, akun="walikota", yakin="ya", **fields))
        assert "memegang peran di luar kewenangan Anda" in answer
    number = grant_id(personnel, "walikota", Role.ADMIN)
    assert "yang Anda pegang sendiri" in said(
        officer, send(officer, "/akun/peran/cabut", peran=number, yakin="ya")
    )
    assert not personnel.account("walikota").is_disabled


def test_an_account_of_another_opd_is_as_if_not_there(personnel: Personnel) -> None:
    personnel.screens.account(Role.EMPLOYEE, name="orang.lain")
    link(personnel, "orang.lain", OTHER)
    officer = personnel.officer()
    assert "orang.lain" not in officer.get("/akun").get_data(as_text=True)
    for path in ("/akun/sandi", "/akun/nonaktif"):
        page = said(officer, send(officer, path, akun="orang.lain", nonaktif="ya", yakin="ya"))
        assert "Tidak ada akun dengan nama itu" in page
    number = grant_id(personnel, "orang.lain", Role.EMPLOYEE)
    assert "sudah berakhir" in said(officer, send(officer, "/akun/peran/cabut", peran=number, yakin="ya"))
    assert not personnel.account("orang.lain").is_disabled
    assert held(personnel, "orang.lain") == [("employee", "city", "")]


def test_a_disabled_account_is_signed_out_and_may_come_back(personnel: Personnel, siti: FlaskClient) -> None:
    officer = personnel.officer()
    assert "dinonaktifkan" in said(
        officer, send(officer, "/akun/nonaktif", akun="siti", nonaktif="ya", yakin="ya")
    )
    assert siti.get("/sandi").status_code == 303
    with personnel.writing() as db:
        account = db.scalars(select(Account).where(Account.name == "siti")).one()
        assert account.is_disabled
        sessions = db.scalars(select(LoginSession).where(LoginSession.account_id == account.id)).all()
        assert all(one.ended_at is not None for one in sessions)
    assert "Akun diaktifkan" in said(officer, send(officer, "/akun/nonaktif", akun="siti", nonaktif="tidak"))
    assert not personnel.account("siti").is_disabled


def test_a_new_password_is_shown_once_and_must_be_changed(personnel: Personnel, siti: FlaskClient) -> None:
    officer = personnel.officer()
    answer = send(officer, "/akun/sandi", akun="siti", yakin="ya")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    password = page.split('<p class="secret-text">')[1].split("<")[0]
    assert siti.get("/sandi").status_code == 303, "signed out everywhere"
    stranger = personnel.screens.stranger()
    assert send(stranger, "/masuk", name="siti", password=password).status_code == 303
    assert stranger.get("/pin").location == "/sandi"
    assert password not in officer.get("/akun?cari=siti").get_data(as_text=True)


def test_one_does_not_act_on_oneself(personnel: Personnel) -> None:
    officer = personnel.scoped(Role.PERSONNEL, ScopeKind.OPD, "1", name="dewi")
    for path in ("/akun/sandi", "/akun/nonaktif"):
        assert "akun Anda sendiri" in said(
            officer, send(officer, path, akun="dewi", nonaktif="ya", yakin="ya")
        )


def test_the_city_is_never_without_an_admin(personnel: Personnel) -> None:
    first = personnel.screens.signed_in(Role.ADMIN, name="pertama")
    number = grant_id(personnel, "pertama", Role.ADMIN)
    assert "admin kota yang terakhir" in said(
        first, send(first, "/akun/peran/cabut", peran=number, yakin="ya")
    )
    personnel.screens.account(Role.ADMIN, name="kedua")
    assert "Akun dinonaktifkan" in said(
        first, send(first, "/akun/nonaktif", akun="kedua", nonaktif="ya", yakin="ya")
    )
    assert "admin kota yang terakhir" in said(
        first, send(first, "/akun/peran/cabut", peran=number, yakin="ya")
    )
    said(first, send(first, "/akun/nonaktif", akun="kedua", nonaktif="tidak"))
    assert send(first, "/akun/peran/cabut", peran=number, yakin="ya").status_code == 303
    assert first.get("/akun").status_code == 404


def test_accounts_are_found_by_letters_and_by_role(personnel: Personnel, siti: FlaskClient) -> None:
    admin = personnel.screens.signed_in(Role.ADMIN, name="pertama")
    personnel.scoped(Role.PERSONNEL, ScopeKind.UNIT, "21", name="regu")
    by_role = admin.get("/akun?peran=personnel").get_data(as_text=True)
    assert "regu" in by_role
    assert "Regu A" in by_role
    assert '<strong class="account">siti' not in by_role
    assert '<strong class="account">siti' in admin.get("/akun?cari=SIT").get_data(as_text=True)
    assert "Tidak ada akun yang cocok" in admin.get("/akun?cari=%25").get_data(as_text=True)
    officer = personnel.officer(opd=2).get("/akun").get_data(as_text=True)
    assert "regu" in officer, "a role for a unit of the OPD is seen by its admin"
    assert '<strong class="account">siti' not in officer


def test_ending_something_of_an_account_needs_the_tick(personnel: Personnel) -> None:
    personnel.screens.account(Role.EMPLOYEE, name="siti")
    admin = personnel.admin()
    number = grant_id(personnel, "siti", Role.EMPLOYEE)
    for path, fields in (
        ("/akun/sandi", {"akun": "siti"}),
        ("/akun/nonaktif", {"akun": "siti", "nonaktif": "ya"}),
        ("/akun/peran/cabut", {"peran": str(number)}),
    ):
        assert send(admin, path, **fields).status_code == 422, path
    assert not personnel.account("siti").is_disabled
    assert held(personnel, "siti") == [("employee", "city", "")]


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("kecamatan:61.71.05", "Pontianak Kota"),
        ("kelurahan:61.71.05.1005", "Sungai Jawi"),
        ("site:jawi", "jawi"),
    ],
)
def test_a_camat_or_lurah_gets_a_part_of_the_city(
    personnel: Personnel, siti: FlaskClient, scope: str, name: str
) -> None:
    admin = personnel.screens.signed_in(Role.ADMIN)
    page = admin.get("/akun").get_data(as_text=True)
    assert 'value="kecamatan:61.71.05"' in page
    assert 'value="kelurahan:61.71.05.1005"' in page
    assert siti.get("/cctv").status_code == 404
    assert "Peran diberikan" in give(admin, peran="executive", lingkup=scope)
    assert name in admin.get("/akun?cari=siti").get_data(as_text=True)
    assert siti.get("/cctv").status_code == 200
    assert siti.get("/kamera/pi-jawi/utara").status_code == 200
    assert siti.get("/kamera/pi-tugu/plaza").status_code == 404


def test_an_area_that_is_none_is_refused(personnel: Personnel, siti: FlaskClient) -> None:
    admin = personnel.screens.signed_in(Role.ADMIN)
    for scope in ("kecamatan:61.71.99", "kelurahan:", "site:monas"):
        assert "Pilih lingkup dari daftar" in give(admin, peran="executive", lingkup=scope)

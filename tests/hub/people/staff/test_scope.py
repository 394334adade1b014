"""Nobody acts on an employee, office or account beyond the own scope, by any address there is."""

import pytest
from flask.testing import FlaskClient

from hub.people.blueprints import PERSONNEL
from hub.people.permissions import Permission, Role, ScopeKind
from hub.web.guarding.guard import declared
from tests.hub.people.staff.conftest import OTHER, Personnel, send

BLUEPRINTS = {blueprint.name for blueprint in PERSONNEL}
ASKED = {Permission.STAFF_MANAGE, Permission.ACCOUNT_MANAGE, Permission.HADIR_ENROL, Permission.HADIR_OWN}
# Enough that each address would act, were the person within reach.
FIELDS = {
    "nama": "Diganti",
    "yakin": "ya",
    "tanpa": "ya",
    "tempat": "1-11",
    "mulai": "2026-11-21",
    "terakhir": "2026-11-21",
    "buat": "ya",
    "kartu": "1",
    "alasan": "x",
    "pegawai": str(OTHER),
    "berkas": "csv",
}


def addresses(personnel: Personnel, method: str, *, with_number: bool) -> list[str]:
    found = []
    app = personnel.screens.app
    with app.test_request_context("http://localhost/"):
        for rule in app.url_map.iter_rules():
            is_ours = rule.endpoint.split(".")[0] in BLUEPRINTS and method in (rule.methods or ())
            is_asked = declared(app.view_functions[rule.endpoint]) in ASKED
            if is_ours and is_asked and ("number" in rule.arguments) is with_number:
                from flask import url_for

                found.append(url_for(rule.endpoint, **({"number": OTHER} if with_number else {})))
    return found


def test_every_address_about_an_employee_of_another_opd_is_not_there(personnel: Personnel) -> None:
    client = personnel.officer(opd=1)
    client.get("/sandi")
    before = personnel.screens.dump()
    reads, writes = (addresses(personnel, method, with_number=True) for method in ("GET", "POST"))
    assert (len(reads), len(writes)) == (1, 7)
    for path in reads:
        assert client.get(path).status_code == 404, path
    for path in writes:
        assert send(client, path, **FIELDS).status_code == 404, path
    assert personnel.screens.dump() == before


def test_the_same_addresses_are_there_for_the_own_opd(personnel: Personnel) -> None:
    personnel.give_signing_key()  # a new badge notes its number
    client = personnel.officer(opd=2)
    for path in addresses(personnel, "GET", with_number=True):
        assert client.get(path).status_code == 200, path
    for path in addresses(personnel, "POST", with_number=True):
        assert send(client, path, yakin="ya").status_code == 303, path


def test_choosing_somebody_of_another_opd_chooses_nobody(personnel: Personnel) -> None:
    client = personnel.officer(opd=1)
    with personnel.writing() as db:
        personnel.changes(db).mark_without_phone(OTHER, may_use_badge=True)
    before = personnel.screens.dump()
    for path in (
        "/kepegawaian/kode",
        "/kepegawaian/kartu",
        "/kepegawaian/tandai-kartu",
        "/kepegawaian/pin-awal",
    ):
        for fields in (
            {"pegawai": str(OTHER)},
            {"semua": "ya", "opd": "2"},
            {"semua": "ya", "cari": str(OTHER)},
        ):
            answer = send(client, path, **fields)
            assert answer.status_code == 303, (path, fields)
            assert "Pilih dulu pegawainya" in client.get(answer.location).get_data(as_text=True)
    assert personnel.screens.dump() == before


def test_lists_show_the_own_opd_only(personnel: Personnel) -> None:
    client = personnel.officer(opd=1)
    for path in ("/kepegawaian", "/kepegawaian.csv", "/kepegawaian?opd=2", "/kepegawaian?cari=Lain", "/akun"):
        text = client.get(path).get_data(as_text=True)
        assert "Orang Lain" not in text, path
        assert "Polisi" not in text, path
    assert "Polisi" not in client.get("/kepegawaian/opd").get_data(as_text=True)
    assert "Orang Lain" in personnel.admin().get("/kepegawaian").get_data(as_text=True)


def test_a_unit_admin_sees_the_unit_only(personnel: Personnel) -> None:
    client = personnel.scoped(Role.PERSONNEL, ScopeKind.UNIT, "21")
    assert "Orang Lain" in client.get("/kepegawaian").get_data(as_text=True)
    assert "Pegawai 101" not in client.get("/kepegawaian").get_data(as_text=True)
    assert client.get("/kepegawaian/101").status_code == 404
    assert client.get(f"/kepegawaian/{OTHER}").status_code == 200


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SUPERIOR, Role.OPERATOR])
def test_other_roles_reach_no_screen_of_the_personnel_office(personnel: Personnel, role: Role) -> None:
    client: FlaskClient = personnel.screens.signed_in(role)
    for method in ("GET", "POST"):
        for with_number in (False, True):
            for path in addresses(personnel, method, with_number=with_number):
                if path == "/pin":
                    continue
                answer = client.get(path) if method == "GET" else send(client, path, **FIELDS)
                assert answer.status_code == 404, (role, path)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PERSONNEL])
def test_every_address_answers_who_may_and_a_form_without_fields_leads_back(
    personnel: Personnel, role: Role
) -> None:
    client = personnel.screens.signed_in(role)
    for with_number in (False, True):
        for path in addresses(personnel, "GET", with_number=with_number):
            assert client.get(path).status_code == 200, path
        for path in addresses(personnel, "POST", with_number=with_number):
            # Without fields it leads back; what cannot be undone wants its tick first.
            assert send(client, path).status_code in (303, 422), path

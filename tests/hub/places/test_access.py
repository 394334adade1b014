"""Every address of a place, walked by people who hold everything for one part of the city only."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from hub.people.models import Opd
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.places.models import CameraOwner
from hub.web.guarding.guard import declared, needs
from tests.hub.screens import ARGUMENTS, ENDLESS, Screens, addresses, csrf_of

DEVICE, CAMERA = str(ARGUMENTS["device"]), str(ARGUMENTS["camera"])
HERE, ELSEWHERE = "61.71.05.1005", "61.71.04.1004"
# They want more than the address: a message to be answered, a clip, a stream.
WANTS_MORE = ENDLESS | {"cctv.answer", "commissioning.answer"}
DISHUB = 77


def scoped_endpoints(screens: Screens, *arguments: str) -> set[str]:
    """Endpoints for part of the city whose address has these arguments."""
    return {
        rule.endpoint
        for rule in screens.app.url_map.iter_rules()
        if set(arguments) <= rule.arguments
        and getattr(screens.app.view_functions[rule.endpoint], "is_scoped", False)
    }


def codes(client: FlaskClient, screens: Screens, endpoints: set[str]) -> dict[str, int]:
    """What each endpoint answers, asked with its own method."""
    token = csrf_of(client, "/sandi")
    found = {
        endpoint: client.get(path).status_code
        for endpoint, path in addresses(screens.app, "GET")
        if endpoint in endpoints - WANTS_MORE
    }
    for endpoint, path in addresses(screens.app, "POST"):
        if endpoint in endpoints:
            found[endpoint] = client.post(path, data={"csrf_token": token}).status_code
    return found


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_the_cameras_of_its_area_and_no_other(city: Screens, role: Role) -> None:
    endpoints = scoped_endpoints(city, "device", "camera")
    assert len(endpoints) >= 10, "the walk finds the pages of cameras"
    at_home = city.signed_in(role, kind=ScopeKind.KELURAHAN, scope=HERE)
    away = city.signed_in(role, kind=ScopeKind.KELURAHAN, scope=ELSEWHERE)
    assert set(codes(away, city, endpoints).values()) == {404}
    everywhere = codes(city.signed_in(role), city, endpoints)
    opened = 0
    for endpoint, code in codes(at_home, city, endpoints).items():
        is_his = declared(city.app.view_functions[endpoint]) in PERMISSIONS_OF_ROLE[role]
        assert is_his or code == 404, (role, endpoint, code)
        # Some addresses lead to nothing yet: a stream that nobody began.
        assert (code == 404) == (everywhere[endpoint] == 404), (role, endpoint, code)
        opened += code != 404
    assert (opened > 3) == (Permission.CAMERA_SEE in PERMISSIONS_OF_ROLE[role])


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.OPERATOR, Role.TECHNICIAN])
def test_an_opd_opens_its_own_cameras_and_not_the_device_they_hang_on(city: Screens, role: Role) -> None:
    with city.database.writing() as db:
        db.add(Opd(number=DISHUB, name="Dinas Perhubungan"))
    client = city.signed_in(role, kind=ScopeKind.OPD, scope=str(DISHUB))
    assert client.get(f"/kamera/{DEVICE}/{CAMERA}").status_code == 200
    assert client.get(f"/kamera/{DEVICE}/selatan").status_code == 404
    assert client.get(f"/perangkat/{DEVICE}").status_code == 404
    listed = client.get("/cctv").get_data(as_text=True)
    assert f"{DEVICE}/{CAMERA}" in listed
    assert f"{DEVICE}/selatan" not in listed
    assert f"{DEVICE}/selatan" not in client.get("/cctv/daftar.csv").get_data(as_text=True)
    with city.database.writing() as db:
        db.execute(update(CameraOwner).values(owner="Dinas Sosial"))
    assert client.get(f"/kamera/{DEVICE}/{CAMERA}").status_code == 404, "no longer theirs"


@pytest.mark.parametrize(
    ("kind", "scope", "count"),
    [
        (ScopeKind.KECAMATAN, "61.71.05", 3),
        (ScopeKind.KELURAHAN, ELSEWHERE, 2),
        (ScopeKind.SITE, "balai", 1),
        (ScopeKind.KECAMATAN, "61.71.06", 0),
    ],
)
def test_the_list_of_a_camat_or_lurah_is_that_of_the_area(
    city: Screens, kind: ScopeKind, scope: str, count: int
) -> None:
    client = city.signed_in(Role.EXECUTIVE, kind=kind, scope=scope)
    rows = client.get("/cctv/daftar.csv").get_data(as_text=True).splitlines()
    assert len(rows) - 1 == count


def test_one_s_own_answer_is_not_the_neighbour_s(city: Screens) -> None:
    operator = city.signed_in(Role.OPERATOR)
    sent = operator.post(f"/kamera/{DEVICE}/{CAMERA}/ambil", data={"csrf_token": csrf_of(operator, "/sandi")})
    number = sent.location.rpartition("=")[2]
    assert operator.get(f"/kamera/{DEVICE}/{CAMERA}/perintah/{number}").status_code == 200
    assert operator.get(f"/kamera/{DEVICE}/selatan/perintah/{number}").status_code == 404


def test_the_address_of_a_point_opens_for_whoever_sees_part_of_it(city: Screens) -> None:
    @needs(Permission.CAMERA_SEE, is_scoped=True)
    def point(site: str) -> str:
        return site

    city.app.add_url_rule("/coba/<site>", "coba", point)
    lurah = city.signed_in(Role.EXECUTIVE, kind=ScopeKind.KELURAHAN, scope=HERE)
    assert lurah.get("/coba/jawi").status_code == 200
    assert lurah.get("/coba/tugu").status_code == 404
    assert city.signed_in(Role.EXECUTIVE).get("/coba/tugu").status_code == 200


def test_a_technician_of_an_area_opens_its_devices(city: Screens) -> None:
    client = city.signed_in(Role.TECHNICIAN, kind=ScopeKind.KELURAHAN, scope=HERE)
    assert client.get(f"/perangkat/{DEVICE}").status_code == 200
    assert client.get("/perangkat/pi-tugu").status_code == 404
    token = csrf_of(client, "/sandi")
    assert client.post(f"/perangkat/{DEVICE}/periksa", data={"csrf_token": token}).status_code == 303
    assert client.post("/perangkat/pi-tugu/periksa", data={"csrf_token": token}).status_code == 404

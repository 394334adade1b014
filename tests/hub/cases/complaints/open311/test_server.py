"""The GeoReport server, with the client of PyPI against a real process and by hand where it is strict."""

import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from hub.cases.complaints.models import ComplaintWording
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.people.permissions import Permission
from hub.people.programs.service import issue
from tests.hub.cases.complaints.conftest import HOLE, Town
from tests.hub.cases.complaints.filing.test_page import photo

REQUEST = {
    "service_code": "jalan",
    "lat": "0",
    "long": "109.322",
    "description": "Lubang besar di jalan raya",
}


def get(town: Town, path: str) -> list[dict[str, object]]:
    answer = town.screens.stranger().get(f"/open311/v2/{path}")
    assert answer.content_type == "application/json; charset=utf-8", answer.data
    found: list[dict[str, object]] = json.loads(answer.data)
    return found


def test_a_program_files_on_the_equator_and_reads_it_back(town: Town) -> None:
    client = town.screens.stranger()
    answer = client.post("/open311/v2/requests.json", data=REQUEST)
    assert answer.status_code == 200, answer.data
    [filed] = json.loads(answer.data)
    [read] = get(town, f"requests/{filed['service_request_id']}.json")
    assert (read["status"], read["service_code"], read["service_name"]) == (
        "open",
        "jalan",
        "Jalan dan trotoar",
    )
    assert str(read["requested_datetime"]).endswith("Z")
    assert read["address"]
    text = client.get(f"/open311/v2/requests/{filed['service_request_id']}.json").data
    assert b'"lat":0.000000' in text
    assert "Kode lacak" in filed["service_notice"]


def test_services_and_definitions_follow_the_citys_own_form(town: Town) -> None:
    services = get(town, "services.json")
    codes = [one["service_code"] for one in services]
    assert len(codes) >= 10
    assert "listrik" not in codes, "that is not the city's"
    assert {str(one["metadata"]) for one in services} == {"True"}
    definition = json.loads(town.screens.stranger().get("/open311/v2/services/jalan.json").data)
    assert definition["service_code"] == "jalan"
    codes_of = {one["code"]: one for one in definition["attributes"]}
    assert [value["key"] for value in codes_of["identity"]["values"]] == ["terbuka", "anonim", "rahasia"]
    assert [one["order"] for one in definition["attributes"]] == list(range(1, len(codes_of) + 1))
    assert all(one["datatype_description"] for one in definition["attributes"])


def test_attributes_and_photos_of_a_program_are_kept(town: Town) -> None:
    data = REQUEST | {"attribute[identity]": "rahasia", "media": (photo(), "a.jpg"), "first_name": "Budi"}
    answer = town.screens.stranger().post("/open311/v2/requests.xml", data=data)
    assert answer.status_code == 200, answer.data
    number = ElementTree.fromstring(answer.data).findtext("request/service_request_id")
    with town.screens.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
        assert (case.number, case.secrecy, case.applicant_name) == (number, "secret", "Budi")
        assert db.scalars(select(CaseFile.requirement)).one() == "foto"
    assert town.screens.stranger().get(f"/open311/v2/requests/{number}.xml").status_code == 404


@pytest.mark.parametrize(
    ("change", "code", "names"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "nirwana"}, 404, "service_code"),
        ({"description": ""}, 400, "description"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"lat": "", "long": ""}, 400, "address_string"),
        ({"lat": "0"} | {"long": ""}, 400, "long"),
        ({"lat": "nol"}, 400, "lat"),
        ({"lat": "48.1", "long": "11.5"}, 400, "bukan kewenangan"),
        ({"service_code": "listrik"}, 400, "PLN"),
        ({"attribute[identity]": "entah"}, 400, "identity"),
        ({"attribute[kind]": "entah"}, 400, "Jenis"),
        ({"api_key": "salah"}, 403, "api_key"),
        ({"jurisdiction_id": "sfgov.org"}, 404, "jurisdiction_id"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_is_told_with_its_code(
    town: Town, change: dict[str, str], code: int, names: str
) -> None:
    for form in ("json", "xml"):
        answer = town.screens.stranger().post(f"/open311/v2/requests.{form}", data=REQUEST | change)
        assert answer.status_code == code, answer.data
        assert names in answer.get_data(as_text=True)
    assert ElementTree.fromstring(answer.data).findtext("error/code") == str(code)
    with town.screens.database.reading() as db:
        assert db.scalars(select(CaseRecord)).all() == []


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "nirwana", 404),
        ("POST", "services", 405),
        ("POST", "requests", 413),
    ],
)
def test_errors_of_the_server_itself_come_in_the_format_asked_for(
    town: Town, method: str, path: str, code: int
) -> None:
    client = town.screens.stranger()
    sent: dict[str, Any] = {"data": {"description": "x" * 300_000}, "content_type": "multipart/form-data"}
    found = client.open(f"/open311/v2/{path}.json", method=method, **sent)
    assert (found.status_code, json.loads(found.data)[0]["code"]) == (code, code)
    found = client.open(f"/open311/v2/{path}.xml", method=method, **sent)
    assert ElementTree.fromstring(found.data).findtext("error/code") == str(code)
    assert found.content_type == "text/xml; charset=utf-8"


def test_a_text_for_a_photo_is_refused_whole(town: Town) -> None:
    data = REQUEST | {"media": (io.BytesIO(b"#!/bin/sh"), "a.jpg")}
    assert town.screens.stranger().post("/open311/v2/requests.json", data=data).status_code == 400


def test_a_key_of_the_city_is_taken_and_one_for_something_else_is_not(town: Town) -> None:
    from datetime import timedelta

    def key(permission: Permission) -> str:
        with town.screens.database.writing() as db:
            return issue(
                db, name="kota", opd=None, life=timedelta(days=1), actor="a", now=town.screens.clock(),
                permission=permission,
            ).secret  # fmt: skip

    client = town.screens.stranger()
    good, other = key(Permission.COMPLAINT_FILE), key(Permission.HADIR_PAYROLL)
    assert client.post("/open311/v2/requests.json", data=REQUEST | {"api_key": good}).status_code == 200
    assert client.post("/open311/v2/requests.json", data=REQUEST | {"api_key": other}).status_code == 403


def test_an_address_alone_finds_its_kelurahan(town: Town) -> None:
    data = {"service_code": "lampu", "address_string": "Gg. Sehati, Batulayang", "description": "mati"}
    answer = town.screens.stranger().post("/open311/v2/requests.json", data=data)
    assert answer.status_code == 200, answer.data
    [read] = get(town, f"requests/{json.loads(answer.data)[0]['service_request_id']}.json")
    assert (read["lat"], read["long"]) == (None, None)
    assert "Batu Layang" in str(read["address"])
    assert read["description"] == "Lampu jalan: mati"


def test_the_list_is_narrowed_by_status_service_date_and_page(town: Town) -> None:
    first, second = town.file(), town.file(category="lampu", text="Lampu padam di gang")

    def ids(query: str) -> list[object]:
        return [one["service_request_id"] for one in get(town, f"requests.json?{query}")]

    assert ids("") == [second.number, first.number]
    assert ids("service_code=lampu,jalan") == [second.number, first.number]
    assert ids("service_code=lampu&status=open") == [second.number]
    assert ids("status=closed") == []
    assert ids(f"service_request_id={first.number},TIDAK-ADA&status=closed") == [first.number]
    assert ids("page_size=1&page=2") == [first.number]
    assert ids("start_date=2020-01-01T00:00:00Z") == []
    assert town.screens.stranger().get("/open311/v2/requests.json?status=fixed").status_code == 400
    assert town.screens.stranger().get("/open311/v2/requests/TIDAK.json").status_code == 404
    assert town.screens.stranger().get("/open311/v2/services/tidak.xml").status_code == 404
    assert town.screens.stranger().get("/open311/v2/tokens/1.xml").status_code == 404


def test_updates_tell_what_happened_between_two_dates(town: Town) -> None:
    case = town.file()
    [update] = get(town, "servicerequestupdates.json")
    assert (update["service_request_id"], update["status"]) == (case.number, "OPEN")
    assert get(town, f"servicerequestupdates.json?service_request_id={case.number}") == [update]
    assert get(town, "servicerequestupdates.json?end_date=2020-01-01T00:00:00Z") == []


def test_updates_are_paged_oldest_first_so_that_none_is_lost(town: Town) -> None:
    filed = [town.file().number for _one in range(3)]

    def page(number: int) -> list[object]:
        path = f"servicerequestupdates.json?page_size=2&page={number}"
        return [one["service_request_id"] for one in get(town, path)]

    assert [page(1), page(2), page(3)] == [filed[:2], filed[2:], []]
    refused = town.screens.stranger().get("/open311/v2/servicerequestupdates.json?page=0")
    assert refused.status_code == 400


def test_discovery_is_there_in_both_formats_and_places(town: Town) -> None:
    for path in ("/open311/discovery.json", "/open311/v2/discovery.json"):
        found = json.loads(town.screens.stranger().get(path).data)
        [endpoint] = found["endpoints"]
        assert endpoint["url"].endswith("/open311/v2")
        assert endpoint["formats"] == ["text/xml", "application/json"]
    assert b"<discovery>" in town.screens.stranger().get("/open311/discovery.xml").data


def test_what_moderation_changed_is_what_programs_read(town: Town) -> None:
    case = town.file()
    town.screens.account()
    with town.screens.database.writing() as db:
        db.add(
            ComplaintWording(
                case_id=case.id, title="Jalan rusak", text="Disunting.", is_hidden=False, reason="x",
                account=1, at=town.screens.clock(),
            )
        )  # fmt: skip
    [read] = get(town, f"requests/{case.number}.json")
    assert read["description"] == "Jalan rusak\nDisunting."
    assert HOLE["text"] not in str(read)

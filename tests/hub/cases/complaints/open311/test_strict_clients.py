"""GeoReport v2 as strict clients use it: what the specification says, and nothing that only we would send."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.cases.complaints.models import OutsideWords
from hub.cases.keeping.models import CaseRecord
from hub.people.permissions import Role
from tests.hub.cases.complaints.conftest import Town
from tests.hub.cases.complaints.open311.test_server import REQUEST

V2 = "/open311/v2"
SCRIPT = "<script>alert('1 & 2')</script> ]]> \u0007 \u202e \U0001f642 & <b>"
# xs:dateTime with a zone (W3C XML Schema 1.1 part 2, 2012), as the specification asks for.
MOMENT = re.compile(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})\Z")


def open_(town: Town, path: str, method: str = "GET", **more: Any) -> TestResponse:
    return town.screens.stranger().open(f"{V2}/{path}", method=method, **more)


def filed(town: Town, **more: str) -> str:
    answer = open_(town, "requests.json", "POST", data=REQUEST | more)
    assert answer.status_code == 200, answer.data
    (one,) = json.loads(answer.data)
    return str(one["service_request_id"])


def test_scripts_and_control_signs_in_texts_leave_well_formed_documents(town: Town) -> None:
    words = {"description": SCRIPT, "address_string": SCRIPT, "first_name": SCRIPT, "email": SCRIPT}
    number = filed(town, **words)
    for path in (f"requests/{number}", "requests", "servicerequestupdates", "services", "services/jalan"):
        found = open_(town, f"{path}.xml")
        assert found.content_type == "text/xml; charset=utf-8"
        assert ElementTree.fromstring(found.data) is not None, path
        assert b"<script" not in found.data
        told = open_(town, f"{path}.json")
        assert told.content_type == "application/json; charset=utf-8"
        json.loads(told.data)
    (request,) = ElementTree.fromstring(open_(town, f"requests/{number}.xml").data)
    assert "<script>" in (request.findtext("description") or ""), "shown as it was typed, as text"


def test_moments_carry_their_zone_and_dates_with_any_offset_are_taken(town: Town) -> None:
    number = filed(town)
    (one,) = json.loads(open_(town, f"requests/{number}.json").data)
    for name in ("requested_datetime", "updated_datetime"):
        assert MOMENT.match(one[name]), name
    at = datetime.fromisoformat(one["requested_datetime"])
    for begin in (at.isoformat(), at.astimezone().isoformat(), at.strftime("%Y-%m-%dT%H:%M:%SZ")):
        listed = json.loads(open_(town, "requests.json", query_string={"start_date": begin}).data)
        assert [each["service_request_id"] for each in listed] == [number]
    later = (at + timedelta(seconds=1)).isoformat()
    assert json.loads(open_(town, "requests.json", query_string={"start_date": later}).data) == []
    unquoted = at.isoformat().replace("Z", "+00:00")
    assert len(json.loads(open_(town, f"requests.json?start_date={unquoted}").data)) == 1


def test_several_are_asked_for_by_their_numbers_and_dates_play_no_part(town: Town) -> None:
    first, second, _third = (filed(town) for _ in range(3))
    query = {"service_request_id": f"{second}, {first},PGD-1999-000001", "start_date": "1999-01-01"}
    listed = json.loads(open_(town, "requests.json", query_string=query).data)
    assert {each["service_request_id"] for each in listed} == {first, second}


def test_what_changed_is_asked_for_by_a_program_that_looks_again(town: Town) -> None:
    number = filed(town)
    (one,) = json.loads(open_(town, f"requests/{number}.json").data)
    at = datetime.fromisoformat(one["updated_datetime"])
    for name, by, count in (("updated_after", 0, 1), ("updated_after", 1, 0), ("updated_before", -1, 0)):
        moment = (at + timedelta(seconds=by)).isoformat()
        assert len(json.loads(open_(town, "requests.json", query_string={name: moment}).data)) == count
    wrong = {"updated_after": at.isoformat(), "updated_before": (at - timedelta(days=1)).isoformat()}
    assert open_(town, "requests.json", query_string=wrong).status_code == 400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
        ("start_date=kemarin", 400),
        ("status=selesai", 400),
        ("page_size=100000", 400),
        ("service_code=nirwana", 404),
        ("jurisdiction_id=sfgov.org", 404),
        ("jurisdiction_id=pontianakkota.go.id", 200),
        ("jurisdiction_id=", 200),
        ("unknown=1&status=open,closed", 200),
    ],
)
def test_errors_have_code_and_description_in_both_formats(town: Town, query: str, code: int) -> None:
    told = open_(town, f"requests.json?{query}")
    assert told.status_code == code
    said = ElementTree.fromstring(open_(town, f"requests.xml?{query}").data)
    if code == 200:
        assert said.tag == "service_requests"
        return
    (problem,) = json.loads(told.data)
    assert set(problem) == {"code", "description"}
    assert problem["code"] == code
    assert (said.tag, said.findtext("error/code")) == ("errors", str(code))
    assert said.findtext("error/description") == problem["description"]


def test_an_unknown_format_is_not_found_and_says_so_in_xml(town: Town) -> None:
    for path in ("services.yaml", "services", "requests/x.html"):
        found = open_(town, path)
        assert found.status_code in (404, 406)
        assert ElementTree.fromstring(found.data).findtext("error/code") == str(found.status_code)


def test_browsers_of_other_sites_may_read_and_file(town: Town) -> None:
    for path, code in (("services.json", 200), ("requests/x.json", 404), ("requests.json?status=x", 400)):
        found = open_(town, path, headers={"Origin": "https://peta.example.org"})
        assert (found.status_code, found.headers["Access-Control-Allow-Origin"]) == (code, "*")
        assert "Set-Cookie" not in found.headers
    asked = {"Origin": "https://peta.example.org", "Access-Control-Request-Method": "POST"}
    allowed = open_(town, "requests.json", "OPTIONS", headers=asked)
    assert allowed.status_code in (200, 204)
    assert allowed.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]
    head = open_(town, "services.xml", "HEAD")
    assert (head.status_code, head.data) == (200, b"")
    assert head.content_type == "text/xml; charset=utf-8"


def test_what_the_service_does_not_ask_is_kept_for_officers_and_never_fetched(town: Town) -> None:
    address = "http://169.254.169.254/latest/meta-data"
    number = filed(town, media_url=address, email="budi@contoh.id", phone="+65 6123 4567 ext. 9")
    with town.screens.database.reading() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        words = db.get_one(OutsideWords, case.id)
    assert (words.media_url, words.email, words.phone) == (address, "budi@contoh.id", "+65 6123 4567 ext. 9")
    page = town.screens.signed_in(Role.COORDINATOR).get(f"/berkas/{number}").get_data(as_text=True)
    assert f'href="{address}" rel="noopener noreferrer nofollow"' in page
    assert "budi@contoh.id" in page
    public = town.screens.stranger().get(f"/laporan/{number}").get_data(as_text=True)
    told = open_(town, f"requests/{number}.json").get_data(as_text=True)
    for secret in ("budi@contoh.id", "169.254", "6123"):
        assert secret not in public + told


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "https://a:b@x.id/", "http://[::1", "apa saja"]
)
def test_an_address_of_a_picture_must_be_one_of_the_web(town: Town, address: str) -> None:
    answer = open_(town, "requests.json", "POST", data=REQUEST | {"media_url": address})
    assert answer.status_code == 400
    assert "media_url" in answer.get_data(as_text=True)

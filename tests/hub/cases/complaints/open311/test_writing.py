"""Documents as strict readers of GeoReport v2 want them."""

import json
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest

from hub.cases.complaints.open311.documents import (
    Attribute,
    Degrees,
    Discovery,
    Endpoint,
    Filed,
    Format,
    Problem,
    Request,
    Service,
    ServiceDefinition,
    Update,
    Value,
)
from hub.cases.complaints.open311.writing import JSON, XML, moment, written, written_list

WIB = timezone(timedelta(hours=7))
NOON = datetime(2026, 11, 22, 12, 0, 0, 999_999, tzinfo=WIB)


def a_request(**changes: object) -> Request:
    facts = {
        "service_request_id": "PGD-2026-000001",
        "status": "open",
        "status_notes": None,
        "service_name": "Jalan & trotoar",
        "service_code": "jalan",
        "description": "Lubang <script>alert(1)</script>\x00 di tugu",
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": NOON,
        "updated_datetime": NOON,
        "expected_datetime": None,
        "address": "Batu Layang",
        "address_id": None,
        "zipcode": "78244",
        "lat": Degrees(0.0),
        "long": Degrees(109.3),
        "media_url": None,
    }
    return Request(**(facts | changes))  # type: ignore[arg-type]  # the facts above are of the right types


def test_the_equator_has_six_decimals_in_both_forms() -> None:
    assert b'"lat":0.000000,"long":109.300000' in written_list(JSON, "service_requests", [a_request()])
    assert b"<lat>0.000000</lat>" in written_list(XML, "service_requests", [a_request()])


def test_moments_are_utc_with_z_and_nothing_finer_than_seconds() -> None:
    assert moment(NOON) == "2026-11-22T05:00:00Z"
    assert json.loads(written(JSON, a_request()))["requested_datetime"] == "2026-11-22T05:00:00Z"


def test_lists_in_json_are_bare_arrays() -> None:
    for root, one in (("services", Service(service_code="a", service_name="b", description="c")),
                      ("errors", Problem(404, "x")), ("service_requests", Filed("1", "n"))):  # fmt: skip
        assert isinstance(json.loads(written_list(JSON, root, [one])), list)
    assert json.loads(written_list(JSON, "services", [])) == []


@pytest.mark.parametrize(
    ("root", "document", "path"),
    [
        ("services", Service(service_code="a", service_name="b", description="c"), "service/service_code"),
        ("service_requests", a_request(), "request/service_request_id"),
        ("errors", Problem(400, "x"), "error/code"),
        (
            "service_request_updates",
            Update("1", "2", "OPEN", datetime(2026, 1, 1, tzinfo=UTC), "d"),
            "request_update/update_id",
        ),
    ],
    ids=["services", "requests", "errors", "updates"],
)
def test_roots_in_xml_are_those_of_the_specification(root: str, document: Request, path: str) -> None:
    content = written_list(XML, root, [document])
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    tree = ElementTree.fromstring(content)
    assert tree.tag == root
    assert tree.find(path) is not None


def test_what_citizens_type_stays_text() -> None:
    tree = ElementTree.fromstring(written_list(XML, "service_requests", [a_request()]))
    assert tree.findtext("request/description") == "Lubang <script>alert(1)</script> di tugu"
    assert tree.findtext("request/status_notes") == ""


def test_a_definition_leaves_values_out_where_there_are_none() -> None:
    text = Attribute(
        code="address", datatype="string", required=False, datatype_description="d", order=1, description="e"
    )
    choice = Attribute(
        code="kind",
        datatype="singlevaluelist",
        required=True,
        datatype_description="d",
        order=2,
        description="e",
        values=(Value("a", "A"),),
    )
    definition = ServiceDefinition("jalan", (text, choice))
    first, second = json.loads(written(JSON, definition))["attributes"]
    assert "values" not in first
    assert second["values"] == [{"key": "a", "name": "A"}]
    assert (second["required"], second["variable"], second["order"]) == (True, True, 2)
    tree = ElementTree.fromstring(written(XML, definition))
    assert tree.tag == "service_definition"
    assert tree.findtext("attributes/attribute/required") == "false"
    assert tree.findtext("attributes/attribute/values/value/key") == "a"


def test_discovery_names_its_formats_in_both_forms() -> None:
    endpoint = Endpoint("spec", "url", "2026", "production", (Format("text/xml"), Format("application/json")))
    discovery = Discovery("2026", "c", "k", (endpoint,))
    assert json.loads(written(JSON, discovery))["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    tree = ElementTree.fromstring(written(XML, discovery))
    assert [one.text for one in tree.findall("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]

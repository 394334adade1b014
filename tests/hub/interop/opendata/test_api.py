"""The Action API: the shapes of CKAN, and what happens to wrong questions."""

import json
from typing import Any

import pytest

from hub.interop.opendata.from_measures import measure_datasets
from hub.interop.opendata.from_registers import register_datasets
from tests.hub.screens import Screens


def ask(portal: Screens, name: str, /, status: int = 200, **given: object) -> Any:
    answer = portal.stranger().post(f"/api/3/action/{name}", json=given)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def result(portal: Screens, name: str, /, **given: object) -> Any:
    body = ask(portal, name, **given)
    assert body["success"] is True
    return body["result"]


def test_everything_public_is_listed_and_nothing_else(portal: Screens) -> None:
    names = result(portal, "package_list")
    expected = {dataset.name for dataset in (*register_datasets(), *measure_datasets())}
    assert set(names) == expected
    assert names == sorted(names)
    assert "register-aplikasi" in names
    assert "register-arsip" not in names


def test_a_dataset_is_found_by_name_and_by_number(portal: Screens) -> None:
    by_name = result(portal, "package_show", id="register-aplikasi")
    assert by_name == result(portal, "package_show", id=by_name["id"])
    assert by_name["license_id"] == "CC-BY-4.0"
    assert {"key": "frequency", "value": "QUARTERLY"} in by_name["extras"]
    resource = result(portal, "resource_show", id=by_name["resources"][0]["id"])
    assert resource == by_name["resources"][0]
    assert resource["url"] == "http://localhost/data/register-aplikasi.csv"
    assert portal.stranger().get("/data/register-aplikasi.csv").status_code == 200


def test_words_groups_and_tags_narrow_a_search(portal: Screens) -> None:
    found = result(portal, "package_search", q="aplikasi perangkat", rows=5)
    assert "register-aplikasi" in [one["name"] for one in found["results"]]
    assert result(portal, "package_search", q="tidakadakatabegini")["count"] == 0
    everything = result(portal, "package_search", q="*:*", rows=1000)
    assert everything["count"] == len(everything["results"]) == len(result(portal, "package_list"))
    for group in result(portal, "group_list"):
        members = result(portal, "package_search", fq=f"groups:{group}", rows=1000)
        shown = result(portal, "group_show", id=group)
        assert members["count"] == shown["package_count"] > 0
    tagged = result(portal, "package_search", fq='tags:"register"', rows=0)
    assert tagged["count"] == len(register_datasets())
    assert result(portal, "package_search", fq="organization:kota-lain")["count"] == 0


def test_rows_come_filtered_ordered_and_paged_with_their_columns(portal: Screens) -> None:
    found = result(portal, "datastore_search", resource_id="register-aplikasi", sort="tahun desc", limit=2)
    assert [row["nama"] for row in found["records"]] == ["Parkir", "E-Lawar"]
    assert found["total"] == 3
    assert {"id": "tahun", "type": "numeric", "info": {"label": "Tahun dibangun"}} in found["fields"]
    again = result(portal, "datastore_search", resource_id=found["resource_id"], filters={"tahun": 2016})
    assert [row["nama"] for row in again["records"]] == ["Gencil"]
    lists = result(
        portal,
        "datastore_search",
        resource_id=found["resource_id"],
        records_format="lists",
        fields=["tahun", "nama"],
        q="parkir",
    )
    # Columns keep the order of the dataset, whatever order they were asked for in.
    assert lists["records"] == [["Parkir", 2021]]
    assert result(portal, "datastore_info", id=found["resource_id"])["meta"]["count"] == 3


def test_an_address_asks_the_same_as_a_body(portal: Screens) -> None:
    query = {"resource_id": "register-aplikasi", "filters": json.dumps({"nama": "Gencil"}), "limit": "1"}
    answer = portal.stranger().get("/api/action/datastore_search", query_string=query)
    assert [row["nama"] for row in answer.get_json()["result"]["records"]] == ["Gencil"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ["package_show", "resource_show", "organization_show", "group_show"])
def test_what_is_not_there_is_not_found(portal: Screens, name: str) -> None:
    body = ask(portal, name, status=404, id="register-arsip")
    assert body["error"]["__type"] == "Not Found Error"
    assert ask(portal, name, status=409)["error"] == {"__type": "Validation Error", "id": ["Missing value"]}


def test_rows_of_a_hidden_register_are_not_found(portal: Screens) -> None:
    ask(portal, "datastore_search", status=404, resource_id="register-arsip")


@pytest.mark.parametrize(
    ("data", "kind", "field"),
    [
        (b"{", "application/json", "body"),
        (b"[1]", "application/json", "body"),
        (b"filters=%7B&resource_id=register-aplikasi", "application/x-www-form-urlencoded", "filters"),
        (b'{"resource_id": "register-aplikasi", "limit": -4}', "application/json", "limit"),
        (b'{"resource_id": 7}', "application/json", "resource_id"),
    ],
)
def test_a_wrong_question_is_a_validation_error(portal: Screens, data: bytes, kind: str, field: str) -> None:
    answer = portal.stranger().post("/api/3/action/datastore_search", data=data, content_type=kind)
    assert answer.status_code == 409
    assert answer.get_json()["error"]["__type"] == "Validation Error"
    assert list(answer.get_json()["error"])[1:] == [field]


def test_what_narrows_nothing_is_an_error_and_not_everything(portal: Screens) -> None:
    assert "fq" in ask(portal, "package_search", status=409, fq="res_format:CSV")["error"]


def test_nothing_can_be_changed_and_unknown_actions_are_said(portal: Screens) -> None:
    before = portal.dump()
    body = ask(portal, "package_create", status=403, name="x")
    assert body["error"]["__type"] == "Authorization Error"
    assert "not known: nonsense" in ask(portal, "nonsense", status=400)
    assert portal.dump() == before


def test_lists_come_short_or_whole(portal: Screens) -> None:
    assert [one["name"] for one in result(portal, "group_list", all_fields=True)] == result(
        portal, "group_list"
    )
    (city,) = result(portal, "organization_list", all_fields=True)
    assert city["name"] == result(portal, "organization_list")[0]
    assert result(portal, "organization_show", id=city["id"]) == city
    tags = result(portal, "tag_list", query="regis")
    assert [one["name"] for one in result(portal, "tag_list", query="regis", all_fields=True)] == tags
    assert "register" in tags
    assert result(portal, "license_list")[0]["id"] == "CC-BY-4.0"
    whole = result(portal, "current_package_list_with_resources", limit=2, offset=1)
    assert [one["name"] for one in whole] == result(portal, "package_list")[1:3]
    assert result(portal, "site_read") is True
    assert result(portal, "status_show")["extensions"] == ["datastore"]


def test_harvesters_get_every_dataset_with_its_files(portal: Screens) -> None:
    answer = portal.stranger().get("/katalog.jsonld")
    assert answer.mimetype == "application/ld+json"
    found = answer.get_json()["dcat:dataset"]
    assert [one["dcterms:identifier"] for one in found] == [
        dataset.name for dataset in (*register_datasets(), *measure_datasets())
    ]
    one = next(one for one in found if one["dcterms:identifier"] == "register-aplikasi")
    assert one["dcterms:modified"]["@value"] == portal.clock().isoformat()
    for file in one["dcat:distribution"]:
        path = file["dcat:downloadURL"]["@id"].removeprefix("http://localhost")
        assert portal.stranger().get(path).status_code == 200

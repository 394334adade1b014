"""CKAN's own client, unchanged, against the application behind a real socket."""

import threading
from collections.abc import Iterator

import pytest
from ckanapi import CKANAPIError, NotAuthorized, NotFound, RemoteCKAN, ValidationError
from werkzeug.serving import make_server

from tests.hub.screens import Screens


@pytest.fixture
def client(portal: Screens) -> Iterator[RemoteCKAN]:
    server = make_server("127.0.0.1", 0, portal.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with RemoteCKAN(f"http://127.0.0.1:{server.server_port}", user_agent="test/1.0") as found:
        yield found
    server.shutdown()
    thread.join(240)
    server.server_close()


def test_the_client_reads_catalogue_dataset_and_rows(client: RemoteCKAN) -> None:
    assert "register-aplikasi" in client.action.package_list()
    package = client.action.package_show(id="register-aplikasi")
    resource = next(one for one in package["resources"] if one["datastore_active"])
    rows = client.action.datastore_search(
        resource_id=resource["id"], filters={"nama": ["Gencil", "Parkir"]}, sort="nama"
    )
    assert [row["nama"] for row in rows["records"]] == ["Gencil", "Parkir"]
    found = client.action.package_search(q="aplikasi", rows=100)
    assert package["name"] in [one["name"] for one in found["results"]]


def test_the_client_understands_what_went_wrong(client: RemoteCKAN) -> None:
    with pytest.raises(NotFound):
        client.action.package_show(id="tidak-ada")
    with pytest.raises(ValidationError) as caught:
        client.action.datastore_search(resource_id="register-aplikasi", sort="tidak_ada")
    assert list(caught.value.error_dict)[1:] == ["sort"]
    with pytest.raises(NotAuthorized):
        client.action.package_create(name="x")
    with pytest.raises(CKANAPIError):
        client.action.no_such_action()


def test_the_client_takes_the_whole_catalogue_page_by_page(client: RemoteCKAN) -> None:
    taken = []
    while page := client.action.current_package_list_with_resources(limit=20, offset=len(taken)):
        taken += page
    assert sorted(one["name"] for one in taken) == client.action.package_list()

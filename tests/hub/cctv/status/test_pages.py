"""The page of the list from the cache: small, conditional, streamed, and nobody sees another's."""

import gzip
import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from edge.wire.messages import OfflineReason
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.web.streams.streaming import RIGHTS_EVERY_S
from tests.hub.screens import Screens


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    client = city.signed_in(Role.OPERATOR)
    client.get("/cctv")  # the session gets its form key
    return client


def test_a_browser_that_has_the_page_is_told_so(city: Screens, operator: FlaskClient) -> None:
    first = operator.get("/cctv", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert b"Lengan utara" in gzip.decompress(first.data)
    etag = first.headers["ETag"]
    again = operator.get("/cctv", headers={"Accept-Encoding": "gzip", "If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert "no-cache" in again.headers["Cache-Control"]
    city.city.will("pi-jawi", city.clock(), OfflineReason.WILL)
    changed = operator.get("/cctv", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "Content-Encoding" not in changed.headers
    assert "hilang" not in changed.text
    assert "belum jelas" in changed.text


def test_the_page_of_one_is_not_shown_to_another(city: Screens, operator: FlaskClient) -> None:
    other = city.signed_in(Role.EXECUTIVE, name="wali")
    other.get("/cctv")
    assert "Wali" in other.get("/cctv").text
    assert "Wali" not in operator.get("/cctv").text


def test_the_stream_begins_with_what_the_page_does_not_show(city: Screens, operator: FlaskClient) -> None:
    stream = operator.get("/cctv/aliran?jenis=ptz", buffered=False)
    parts = stream.iter_encoded()
    assert next(parts).startswith(b"retry")
    told = json.loads(next(parts).decode().partition("data: ")[2])
    assert told["order"] == ["kamera-pi-jawi-utara"]
    assert '<tr id="kamera-pi-jawi-utara"' in told["rows"]["kamera-pi-jawi-utara"]
    assert "kamera" in told["sum"]
    stream.close()


def test_a_stream_ends_with_the_session(city: Screens, operator: FlaskClient) -> None:
    stream = operator.get("/cctv/aliran", buffered=False)
    parts = stream.iter_encoded()
    next(parts), next(parts)
    city.clock.advance(days=30)
    assert b"event: ended" in b"".join(parts)
    stream.close()


def test_a_stream_ends_when_its_viewer_sees_another_part_of_the_city(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR, name="wakil", kind=ScopeKind.SITE, scope="jawi")
    stream = client.get("/cctv/aliran", buffered=False)
    parts = stream.iter_encoded()
    next(parts), next(parts)
    with city.database.writing() as db:
        number = db.scalars(select(Account.id).where(Account.name == "wakil")).one()
        db.execute(update(RoleGrant).where(RoleGrant.account_id == number).values(scope_id="tugu"))
    city.clock.advance(seconds=RIGHTS_EVERY_S)
    assert b"event: ended" in b"".join(parts)
    stream.close()


def test_147_rows_are_a_small_page(screens: Screens) -> None:
    sites = [
        {"id": f"t{n}", "name": f"Simpang {n}", "kelurahan": "61.71.04.1004", "lat": 0.0, "lon": 109.32}
        for n in range(49)
    ]
    devices = [
        {
            "id": f"pi-{n}",
            "site": f"t{n}",
            "name": f"Pi {n}",
            "cameras": [{"id": f"c{c}", "name": f"Lengan {n} arah {c}", "owner": "Dishub"} for c in range(3)],
        }
        for n in range(49)
    ]
    screens.city.load({"sites": sites, "devices": devices})
    for n in range(49):
        screens.city.birth(f"pi-{n}", screens.clock())
        if n % 10 == 0:
            screens.city.will(f"pi-{n}", screens.clock())
    client = screens.signed_in(Role.OPERATOR)
    client.get("/cctv")
    answer = client.get("/cctv", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.data).count(b'<tr id="') == 147
    assert len(answer.data) < 16_000

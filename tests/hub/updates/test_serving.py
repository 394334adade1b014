"""Documents for devices and the door where they fetch: permits, ranges, and what is taken back."""

import logging
from datetime import timedelta

import pytest

from edge.wire.updates import UpdateState
from hub.config import HubConfig, WebSettings
from hub.enrolment.models import DeviceRefusal
from hub.updates.rollouts import change_rollout
from hub.updates.rules import RolloutState
from hub.updates.serving.permits import Permit, address_of, judge_permit, make_permit, permit_key
from hub.updates.serving.source import hub_address
from hub.updates.settings import UpdateSettings
from tests.hub.updates.conftest import SECRET_KEY, Fleet

SHA256 = "ab" * 32


def ready(fleet: Fleet) -> None:
    fleet.says("pi-jawi", UpdateState.IDLE)
    fleet.put("pi-jawi", "uji")
    fleet.start(fleet.add())


def documents(fleet: Fleet, device: str = "pi-jawi") -> list[object]:
    return list(fleet.source().for_device(device, roster_version=0, config_version=0))


def test_a_device_of_an_open_ring_gets_the_document_until_it_decided(fleet: Fleet) -> None:
    ready(fleet)
    source = fleet.source()
    (desired,) = source.for_device("pi-jawi", roster_version=0, config_version=0)
    document = fleet.opened("pi-jawi", desired)
    assert (document.order, document.number, document.name, document.board) == ("1.1", 7, "0.7.0", "rpi")
    assert document.size_bytes == 6000
    assert document.url.startswith(f"http://hub.example:8080/rilis/{document.sha256}?izin=pi-jawi.")
    assert not document.is_withdrawn
    assert documents(fleet, "pi-tugu") == []
    fleet.says("pi-jawi", UpdateState.COMMITTED, "1.1", running=7)
    assert documents(fleet) == []


def test_a_pause_takes_back_and_a_permit_is_renewed_by_itself(fleet: Fleet) -> None:
    ready(fleet)
    source = fleet.source()
    assert source.changed() == ["pi-jawi"]
    assert source.changed() == []
    fleet.screens.clock.advance(hours=13)
    assert source.changed() == ["pi-jawi"]
    with fleet.screens.database.writing() as db:
        change_rollout(db, db.merge(fleet.rollout()), RolloutState.PAUSED, actor="uji", now=fleet.now)
    assert source.changed() == ["pi-jawi"]
    (desired,) = source.for_device("pi-jawi", roster_version=0, config_version=0)
    assert fleet.opened("pi-jawi", desired).is_withdrawn


def test_a_device_without_certificate_is_named_once(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    ready(fleet)
    (fleet.folder / "devices" / "pi-jawi.pem").unlink()
    source = fleet.source()
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert source.for_device("pi-jawi", roster_version=0, config_version=0) == ()
    assert caplog.text.count("pi-jawi gets no release") == 1


def test_a_permit_is_for_one_device_one_file_and_a_while(fleet: Fleet) -> None:
    until = fleet.now + timedelta(hours=1)
    permit = make_permit(SECRET_KEY, device="pi-jawi", sha256=SHA256, until=until)

    def judged(text: str, *, sha256: str = SHA256, key: bytes = SECRET_KEY, late: bool = False) -> Permit:
        now = until if late else fleet.now
        return judge_permit(key, text, sha256=sha256, now=now)[0]

    assert judged(permit) is Permit.GOOD
    assert judged(permit, late=True) is Permit.OVER
    for wrong in ("", "x", "a.b.c", permit[:-1], permit.replace("jawi", "tugu"), "ä.1.2"):
        assert judged(wrong) is Permit.WRONG
    assert judged(permit, sha256="cd" * 32) is Permit.WRONG
    assert judged(permit, key=permit_key("another secret")) is Permit.WRONG


def test_a_bundle_is_given_in_pieces_to_whoever_has_a_permit(fleet: Fleet) -> None:
    release = fleet.add()
    key = permit_key((fleet.folder / "web.secret").read_text().strip())
    until = fleet.now + timedelta(hours=24)

    def url(sha256: str, device: str = "pi-jawi") -> str:
        permit = make_permit(key, device=device, sha256=sha256, until=until)
        return address_of("", sha256, permit)

    client = fleet.screens.stranger()
    whole = client.get(url(release.sha256))
    assert (whole.status_code, whole.data) == (200, b"bundle" * 1000)
    piece = client.get(url(release.sha256), headers={"Range": "bytes=5000-"})
    assert (piece.status_code, piece.data) == (206, (b"bundle" * 1000)[5000:])
    assert piece.headers["Content-Range"] == "bytes 5000-5999/6000"
    assert client.get(url(release.sha256), headers={"Range": "bytes=6000-"}).status_code == 416
    assert client.get(f"/rilis/{release.sha256}").status_code == 404
    assert client.get(url("0" * 64)).status_code == 404
    assert client.get(url("..%2fweb.secret")).status_code == 404
    with fleet.screens.database.writing() as db:
        db.add(DeviceRefusal(device="pi-tugu", at=fleet.now))
    assert client.get(url(release.sha256, "pi-tugu")).status_code == 404
    fleet.screens.clock.advance(hours=25)
    assert client.get(url(release.sha256)).status_code == 403


def test_the_address_of_the_hub_is_what_devices_see() -> None:
    assert hub_address(HubConfig(web=WebSettings(port=8081))) == "http://127.0.0.1:8081"
    config = HubConfig(updates=UpdateSettings(url="https://hub.example"))
    assert hub_address(config) == "https://hub.example"

"""A camera that turns, set up at the site: its presets, turning it, and masks that fit what it sees."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.commissioning.server import SiteServer
from edge.commissioning.site import SiteSettings
from edge.ptz.port import Pose, Position, TurningError
from edge.ptz.simulated.head import Head
from edge.ptz.simulated.server import OnvifServer
from edge.ptz.simulated.service import SimulatedOnvif
from edge.wire.camera_settings import SettingsError
from tests.edge.agent_city import Device
from tests.edge.commissioning.test_server import ask
from tests.edge.ptz.contract import Clock

ROOT = Path(__file__).parents[3]
PRESETS = """
presets = [
  {id = "jalan", token = "1"},
  {id = "pasar", token = "2", privacy_masks = [ [[0,0],[0.5,0],[0.5,1],[0,1]] ]},
]
"""


class Rig:
    """The settings of a site whose camera's head moves while the page waits."""

    def __init__(self, device: Device, *, presets: str = PRESETS, onvif: str | None = None) -> None:
        self.clock = Clock()
        self.head = Head(self.clock)
        self.server = OnvifServer(SimulatedOnvif(self.head, lambda: datetime.now(UTC)))
        address = self.server.address if onvif is None else onvif
        camera = f'[[cameras]]\nid = "street"\nsource = "scene:street?seed=1"\nonvif = "{address}"\n{presets}'
        self.site = SiteSettings(device.configure(camera), wait=self.clock.passes)


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path / "pi-1")


@pytest.fixture
def rig(device: Device) -> Iterator[Rig]:
    one = Rig(device)
    yield one
    one.server.close()


def left_of(jpeg: bytes) -> float:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return float(picture[:, : picture.shape[1] // 2 - 8].std())


def test_the_camera_turns_and_each_still_has_the_masks_of_its_view(rig: Rig) -> None:
    assert [preset["name"] for preset in rig.site.presets("street")] == ["Jalan", "Trotoar kanan", "Jauh"]
    assert left_of(rig.site.still("street")) > 15
    rig.site.go_to("street", b'"2"')
    assert rig.head.pose() == Pose(Position(0.7, -0.2, 0.3), is_moving=False)
    assert left_of(rig.site.still("street")) < 3


def test_where_masks_cannot_be_placed_there_is_no_still(rig: Rig) -> None:
    rig.head.turn_to(Position(0.1, 0, 0))
    rig.clock.passes(9)
    with pytest.raises(TurningError, match="no preset that is drawn"):
        rig.site.still("street")


def test_a_camera_on_a_tour_is_not_waited_for_for_ever(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.head, "pose", lambda: Pose(None, is_moving=True))
    with pytest.raises(TurningError, match="on a tour"):
        rig.site.go_to("street", b'"1"')


def test_what_is_no_token_is_refused(rig: Rig) -> None:
    with pytest.raises(SettingsError, match="token"):
        rig.site.go_to("street", b"7")


def test_a_camera_without_onvif_says_what_is_missing(device: Device) -> None:
    rig = Rig(device, presets="", onvif="")
    try:
        with pytest.raises(TurningError, match="set onvif"):
            rig.site.presets("street")
        assert left_of(rig.site.still("street")) > 15
    finally:
        rig.server.close()


def test_the_page_asks_over_http(rig: Rig) -> None:
    server = SiteServer(rig.site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        code, told = ask(server.url + "presets/street")
        assert (code, json.loads(told)[1]) == (200, {"token": "2", "name": "Trotoar kanan"})
        assert ask(server.url + "go/street", b'"2"', Content_Type="application/json")[0] == 204
        code, words = ask(server.url + "go/street", b'"99"', Content_Type="application/json")
        assert (code, b"no preset" in words) == (422, True)
        for name in ("shapes.js", "shape_list.js", "views.js"):
            assert ask(server.url + name)[0] == 200
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("name", ["shapes.js", "shape_list.js", "views.js"])
def test_the_hub_draws_with_the_very_same_parts(name: str) -> None:
    ours = ROOT / "edge/commissioning/page" / name
    assert (ROOT / "hub/web/static/js" / name).samefile(ours)

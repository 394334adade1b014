"""An agent that starts on settings of the hub tells its surroundings about those, not about the file."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from edge.commissioning.overlay import Origin, Overlay
from edge.commissioning.overlay_file import Kept, overlay_path, write_overlay
from edge.config import EdgeConfig, Line
from edge.health.wiring import build_watch
from edge.running.agent import Agent
from edge.uplink.local_broker import tell_home
from tests.edge.agent_city import Device
from tests.edge.running.test_agent import CAMERA

LINE = Line(id="jalan", points=((0.1, 0.6), (0.9, 0.6)))


def test_the_home_and_the_health_watch_know_the_cameras_as_the_hub_set_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Device(tmp_path / "pi-1").configure(CAMERA)
    overlay = Overlay(
        version=3,
        origin=Origin.HUB,
        at=datetime.now(UTC),
        cameras={"street": {"lines": msgspec.to_builtins((LINE,))}},
    )
    write_overlay(overlay_path(config), Kept(current=overlay, good=overlay))
    told: dict[str, EdgeConfig] = {}

    def home(given: EdgeConfig, **others: object) -> object:
        told["home"] = given
        return tell_home(given, **others)  # type: ignore[arg-type]  # as the agent calls it

    def watch(given: EdgeConfig, **others: object) -> object:
        told["watch"] = given
        return build_watch(given, **others)  # type: ignore[arg-type]  # as the agent calls it

    monkeypatch.setattr("edge.running.agent.tell_home", home)
    monkeypatch.setattr("edge.running.agent.build_watch", watch)
    with ExitStack() as stack:
        Agent(config, stack=stack)
    assert config.cameras[0].lines == ()
    assert {name: given.cameras[0].lines for name, given in told.items()} == {
        "home": (LINE,),
        "watch": (LINE,),
    }

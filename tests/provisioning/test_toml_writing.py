"""What is written is read back the same."""

import tomllib
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from edge.config import CameraSettings, EdgeConfig, HubLink, Line, SensorSettings
from edge.config_file import load_config
from provisioning.toml_writing import to_toml


class Inner(msgspec.Struct):
    text: str
    number: float
    flag: bool


class Outer(msgspec.Struct):
    name: str
    inner: Inner
    many: list[Inner]
    pairs: list[list[int]]
    nothing: str | None = None


texts = st.text(st.characters(exclude_categories=["Cs"]))
inners = st.builds(Inner, texts, st.floats(allow_nan=False, allow_infinity=False), st.booleans())


@given(st.builds(Outer, texts, inners, st.lists(inners), st.lists(st.lists(st.integers(-(2**60), 2**60)))))
def test_any_struct_survives(outer: Outer) -> None:
    read = tomllib.loads(to_toml(outer))
    assert msgspec.convert({"many": [], **read}, Outer) == outer


def test_an_edge_configuration_is_read_back_by_the_edge(tmp_path: Path) -> None:
    config = EdgeConfig(
        device="pi-satu",
        hub=HubLink(port=1234, ca=str(tmp_path / "ca.pem")),
        cameras=(
            CameraSettings(
                id="utara",
                source="scene:street?seed=1",
                lines=(Line(id="mid", points=((0.0, 0.5), (1.0, 0.5)), forward="ke barat"),),
                masks=(((0.0, 0.0), (1.0, 0.0), (1.0, 0.25)),),
            ),
        ),
        sensors=(SensorSettings(id="air", source="simulated:river", quantity="water_level_m"),),
    )
    (tmp_path / "edge.toml").write_text(to_toml(config))
    read = load_config(tmp_path / "edge.toml")
    (camera,), (written,) = read.cameras, config.cameras
    assert (camera.source, camera.lines, camera.masks) == (written.source, written.lines, written.masks)
    assert read.sensors == config.sensors
    assert read.hub.port == 1234

"""edge.toml: what is wrong is named by its path, and what is right comes back absolute."""

from pathlib import Path

import pytest

from edge.config import CameraSettings, ClipLengths, EdgeConfig, mask_secrets
from edge.config_file import load_config
from edge.errors import ConfigError
from edge.shown_config import shown

GOOD = """
device = "garuda"
acceptance_log = "accepted.log"
[hub]
host = "10.0.0.1"
[[cameras]]
id = "utara"
source = "rtsp://user@10.20.1.4/sub"
password_file = "utara.password"
[[cameras.lines]]
id = "masuk"
points = [[0.0, 0.5], [1.0, 0.5]]
[[doors]]
id = "pintu"
source = "picamera:0"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "edge.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_good_file_is_read_and_its_paths_are_absolute(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, GOOD))
    assert config.hub.ca == str(tmp_path / "ca.pem")
    assert config.outbox.path == str(tmp_path / "outbox.db")
    assert config.acceptance_log == str(tmp_path / "accepted.log")
    assert config.cameras[0].password_file == str(tmp_path / "utara.password")
    assert config.cameras[0].lines[0].points == ((0.0, 0.5), (1.0, 0.5))
    assert config.doors[0].direction == "both"


def test_the_shortest_file_names_the_device_only(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, 'device = "a"'))
    assert config == load_config(write(tmp_path, 'device = "a"\n'))
    assert (config.cameras, config.acceptance_log) == ((), None)
    assert isinstance(config, EdgeConfig)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("device", "devise"), "top level: .*unknown field `devise`"),
        (('"garuda"', '"GARUDA"'), "device: "),
        (('host = "10.0.0.1"', "host = 3"), r"hub\.host: Expected `str`"),
        (("password_file", "pasword_file"), r"cameras\[0\]: .*unknown field `pasword_file`"),
        (("[1.0, 0.5]", "[1.5, 0.5]"), r"cameras\[0\]\.lines\[0\]\.points"),
        (("[1.0, 0.5]", "[0.0, 0.5]"), "'masuk' has no length"),
        (('id = "pintu"', 'id = "utara"'), "id 'utara' is used twice"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_config(write(tmp_path, GOOD.replace(*change)))


def test_a_line_id_may_not_occur_twice_on_a_camera(tmp_path: Path) -> None:
    line = '[[cameras.lines]]\nid = "masuk"\npoints = [[0.0, 0.5], [1.0, 0.5]]\n'
    with pytest.raises(ConfigError, match=r"cameras\[0\].lines: line id 'masuk' is used twice"):
        load_config(write(tmp_path, GOOD.replace("[[doors]]", line + "[[doors]]")))


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="point --config at it"):
        load_config(tmp_path / "edge.toml")


def test_the_watch_of_a_silent_camera_is_never_longer_than_ten_seconds() -> None:
    assert CameraSettings(id="a", source="x").silent_after_s <= 10


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("rtsp://admin:s3cret@10.0.0.4:554/sub?x=1", "rtsp://admin:***@10.0.0.4:554/sub?x=1"),
        ("rtsp://10.0.0.4/user=admin&password=s3cret&c=1", "rtsp://10.0.0.4/user=admin&password=***&c=1"),
        ("http://10.0.0.4/s?usr=a&PWD=s3cret", "http://10.0.0.4/s?usr=a&PWD=***"),
        ("rtsp://10.0.0.4/sub", "rtsp://10.0.0.4/sub"),
        ("replay:lalu lintas.mp4", "replay:lalu lintas.mp4"),
    ],
)
def test_a_password_in_an_address_is_never_shown(source: str, shown: str) -> None:
    assert mask_secrets(source) == shown


def test_each_camera_has_the_clips_of_the_device_unless_it_has_its_own(tmp_path: Path) -> None:
    text = (
        'device = "garuda"\n[outbox]\npath = "data/outbox.db"\n[clips]\nenabled = true\npre_roll_s = 4\n'
        '[[cameras]]\nid = "utara"\nsource = "scene:street"\n'
        '[[cameras]]\nid = "selatan"\nsource = "scene:street"\nclip_source = "rtsp://10.0.0.4/main"\n'
        "[cameras.clips]\nenabled = false\n"
    )
    config = load_config(write(tmp_path, text))
    utara, selatan = config.cameras
    assert utara.clips == ClipLengths(enabled=True, pre_roll_s=4)
    assert selatan.clips == ClipLengths()
    assert {config.clips.folder, utara.clip_folder, selatan.clip_folder} == {str(tmp_path / "data" / "clips")}


@pytest.mark.parametrize("source", ["http://10.0.0.4/main", "/etc/passwd", "rtsp://10.0.0.4/a b", "rtsp://"])
def test_a_clip_source_is_an_rtsp_address(tmp_path: Path, source: str) -> None:
    text = f'device = "g"\n[[cameras]]\nid = "u"\nsource = "scene:street"\nclip_source = "{source}"\n'
    with pytest.raises(ConfigError, match=r"cameras\[0\]\.clip_source"):
        load_config(write(tmp_path, text))


def test_a_door_has_its_password_file_and_screen_where_the_file_says(tmp_path: Path) -> None:
    text = GOOD + 'password_file = "pintu.sandi"\nwitness = true\n[kiosk]\nport = 8090\n'
    config = load_config(write(tmp_path, text))
    assert config.doors[0].password_file == str(tmp_path / "pintu.sandi")
    assert config.doors[0].witness
    assert config.kiosk.port == 8090
    assert load_config(write(tmp_path, GOOD)).kiosk.port == 0


def test_no_password_of_any_camera_of_a_door_is_shown(tmp_path: Path) -> None:
    text = GOOD + 'more_sources = ["rtsp://hadir:rahasia@10.0.0.7/sub"]\n'
    (door,) = shown(load_config(write(tmp_path, text)))["doors"]
    assert door["more_sources"] == ["rtsp://hadir:***@10.0.0.7/sub"]

"""A camera's address leads to a camera, never to this device, its neighbours' services or the hub."""

from pathlib import Path

import pytest

from edge.cameras.network import CameraNetwork, check_place
from edge.config_file import load_config
from edge.errors import ConfigError
from edge.wire.camera_settings import SettingsError

HUB = "hub.pontianakkota.go.id"


def check(source: str, *, hub_host: str = HUB, refused: str = "", allowed: str = "") -> None:
    network = CameraNetwork(refused=tuple(refused.split()), allowed=tuple(allowed.split()))
    check_place(source, "cameras[0].source", hub_host=hub_host, network=network)


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "this device itself"),
        ("127.8.9.1", "this device itself"),
        ("127.1", "this device itself"),
        ("2130706433", "this device itself"),
        ("0x7f.1", "this device itself"),
        ("[::1]", "this device itself"),
        ("[::ffff:127.0.0.1]", "this device itself"),
        ("0.0.0.0", "this device itself"),
        ("localhost", "this device itself"),
        ("LOCALHOST.", "this device itself"),
        ("kamera.localhost", "this device itself"),
        ("169.254.169.254", "link-local"),
        ("[fe80::1]", "link-local"),
        ("[fe80::1%25eth0]", "link-local"),
        ("224.0.0.1", "no address of a single machine"),
        ("255.255.255.255", "no address of a single machine"),
        ("hub.pontianakkota.go.id", "the hub"),
        ("HUB.pontianakkota.go.id.", "the hub"),
    ],
)
def test_what_is_no_camera_s_place_is_refused(host: str, why: str) -> None:
    for source in (f"rtsp://admin:x@{host}:554/live", f"http://{host}/video", f"RTSPS://{host}/1"):
        with pytest.raises(SettingsError, match=r"cameras\[0\]\.source: .*camera_network\.allowed") as caught:
            check(source)
        assert why in str(caught.value)
        assert "admin" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "rtsp://10.20.0.11/live",
        "rtsp://192.168.1.64:554/Streaming/Channels/102",
        "http://kamera-3.lokal/video",
        "rtsp://[fd00::5]/1",
        "/dev/video0",
        "picamera:0",
        "scene:street?seed=1",
        "replay:localhost.mp4",
        "rtsp://",
        "rtsp://[half/",
        "",
    ],
)
def test_cameras_files_and_drawn_scenes_pass(source: str) -> None:
    check(source)


def test_the_hub_s_own_servers_are_refused_by_network_address_or_name() -> None:
    refused = "10.10.0.0/24 db.pontianakkota.go.id 10.30.0.7"
    for host in ("10.10.0.9", "db.pontianakkota.go.id", "10.30.0.7", "::ffff:10.10.0.9"):
        host = f"[{host}]" if ":" in host else host
        with pytest.raises(SettingsError, match=r"inside camera_network\.refused"):
            check(f"rtsp://{host}/live", refused=refused)
    check("rtsp://10.10.1.9/live", refused=refused)
    with pytest.raises(SettingsError, match="the hub"):
        check("rtsp://10.10.0.5/live", hub_host="10.10.0.5")


def test_what_is_allowed_is_allowed_and_nothing_beside_it() -> None:
    check("rtsp://127.0.0.1:8554/1", allowed="127.0.0.1")
    check("rtsp://localhost/1", allowed="localhost")
    check("rtsp://10.10.0.9/1", refused="10.10.0.0/24", allowed="10.10.0.8/31")
    with pytest.raises(SettingsError):
        check("rtsp://127.0.0.2/1", allowed="127.0.0.1")


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ('[[cameras]]\nid = "a"\nsource = "rtsp://127.0.0.1/1"\n', r"cameras\[0\]\.source"),
        (
            '[[cameras]]\nid = "a"\nsource = "rtsp://10.0.0.9/1"\nclip_source = "rtsp://localhost/1"\n',
            r"cameras\[0\]\.clip_source",
        ),
        (
            '[[cameras]]\nid = "a"\nsource = "rtsp://10.0.0.9/1"\nonvif = "http://169.254.169.254/"\n',
            r"cameras\[0\]\.onvif",
        ),
        ('[[doors]]\nid = "d"\nsource = "http://hub.lokal/1"\n', r"doors\[0\]\.source"),
        (
            '[[doors]]\nid = "d"\nsource = "/dev/video0"\nmore_sources = ["rtsp://10.9.0.2/1"]\n',
            r"doors\[0\]\.more_sources\[0\]",
        ),
    ],
)
def test_every_key_with_an_address_is_looked_at(tmp_path: Path, body: str, key: str) -> None:
    path = tmp_path / "edge.toml"
    head = 'device = "pi-1"\n[hub]\nhost = "hub.lokal"\n[camera_network]\nrefused = ["10.9.0.0/16"]\n'
    path.write_text(head + body)
    with pytest.raises(ConfigError, match=key):
        load_config(path)
    allowed = 'allowed = ["127.0.0.1", "localhost", "169.254.0.0/16", "hub.lokal", "10.9.0.2"]\n'
    path.write_text(head + allowed + body)
    load_config(path)

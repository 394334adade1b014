"""Settings in force over versions, restarts, forgeries and a disk that refuses."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.commissioning.keeper import MOST_STARTS_ON_TRIAL, SettingsKeeper
from edge.commissioning.overlay_file import read_overlay
from edge.commissioning.telling import tell_settings
from edge.config import CameraSettings
from edge.wire.camera_settings import DOCUMENT, SettingsError
from edge.wire.desired import DesiredError
from edge.wire.messages import Desired

CAMERAS = (
    CameraSettings(id="utara", source="scene:street"),
    CameraSettings(id="selatan", source="scene:street"),
)


def desired(version: int, document: str = DOCUMENT, **cameras: dict[str, object]) -> Desired:
    plain = json.dumps({"version": version, "cameras": cameras})
    return Desired(document=document, version=version, sealed=plain, signature="good")


def unseal(message: Desired) -> bytes:
    if message.signature != "good":
        raise DesiredError("not signed by the hub for this device")
    return message.sealed.encode()


def keeper(folder: Path, cameras: tuple[CameraSettings, ...] = CAMERAS) -> SettingsKeeper:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return SettingsKeeper(cameras=cameras, path=folder / "overlay.json", unseal=unseal, now=lambda: now)


def test_only_the_camera_concerned_begins_again_and_a_restart_remembers(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    change = one.accept(desired(3, utara={"fps": 5}))
    assert change is not None
    assert [camera.id for camera in change.cameras] == ["utara"]
    one.prove()
    again = keeper(tmp_path)
    assert (again.version, again.cameras[0].fps, again.is_on_trial) == (3, 5, False)


def test_an_older_or_equal_version_changes_nothing(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    one.accept(desired(3, utara={"fps": 5}))
    assert one.accept(desired(3, utara={"fps": 6})) is None
    assert one.accept(desired(2, utara={"fps": 6})) is None
    assert one.cameras[0].fps == 5


def test_a_forged_document_and_one_that_lies_about_its_version_are_refused(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    with pytest.raises(DesiredError, match="not signed"):
        one.accept(Desired(document=DOCUMENT, version=9, sealed="{}", signature="bad"))
    with pytest.raises(DesiredError, match="no document"):
        one.accept(desired(9, document="roster"))
    swapped = Desired(document=DOCUMENT, version=9, sealed=desired(8).sealed, signature="good")
    with pytest.raises(SettingsError, match="8 inside and 9 outside"):
        one.accept(swapped)
    with pytest.raises(SettingsError, match=r"cameras\.utara\.fps"):
        one.accept(desired(9, utara={"fps": 900}))
    assert (one.version, one.cameras) == (0, CAMERAS)


def test_a_version_that_was_given_up_never_comes_back(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    one.accept(desired(1, utara={"fps": 5}))
    one.prove()
    one.accept(desired(2, utara={"fps": 6}, selatan={"scale": 0.2}))
    change = one.give_up()
    assert (change.version, {camera.id for camera in change.cameras}) == (1, {"utara", "selatan"})
    assert one.cameras[0].fps == 5
    assert one.accept(desired(2, utara={"fps": 6})) is None
    assert keeper(tmp_path).accept(desired(2, utara={"fps": 6})) is None
    assert one.accept(desired(3, utara={"fps": 7})) is not None


def test_two_versions_on_trial_go_back_to_the_one_that_was_good(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    one.accept(desired(1, utara={"fps": 5}))
    one.accept(desired(2, utara={"fps": 6}))
    assert one.give_up().version == 0
    assert one.cameras == CAMERAS


def test_an_agent_that_dies_again_and_again_on_trial_goes_back(tmp_path: Path) -> None:
    keeper(tmp_path).accept(desired(4, utara={"fps": 5}))
    for _ in range(MOST_STARTS_ON_TRIAL):
        assert keeper(tmp_path).version == 4
    last = keeper(tmp_path)
    assert (last.version, last.cameras) == (0, CAMERAS)
    assert "version 4: the agent ended 3 times" in last.given_up_at_start
    assert keeper(tmp_path).given_up_at_start == ""


def test_settings_for_a_camera_that_is_gone_from_the_file_are_left_out(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    one.accept(desired(1, selatan={"fps": 5}))
    one.prove()
    fewer = keeper(tmp_path, CAMERAS[:1])
    assert (fewer.version, fewer.cameras) == (0, CAMERAS[:1])
    assert "cameras.selatan" in fewer.given_up_at_start


@pytest.mark.parametrize("content", [b"", b"garbage", b'{"current": 3}', b"\xff" * 100])
def test_a_garbled_file_is_left_out_and_said(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "overlay.json").write_bytes(content)
    assert keeper(tmp_path).cameras == CAMERAS
    assert "cannot be read" in caplog.text


def test_a_disk_that_refuses_does_not_stop_the_settings(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = keeper(tmp_path)
    (tmp_path / "overlay.json.new").mkdir()
    assert one.accept(desired(1, utara={"fps": 5})) is not None
    assert "cannot be kept" in caplog.text
    assert read_overlay(tmp_path / "overlay.json").current is None


def test_the_settings_in_force_are_told_with_their_origin(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    told = tell_settings(one, "utara")
    assert (told.values["origin"], json.loads(str(told.values["settings"]))["fps"]) == ("file", 10)
    one.accept(desired(5, utara={"fps": 4}))
    told = tell_settings(one, "utara")
    assert (told.values["origin"], told.values["version"], told.values["is-on-trial"]) == ("hub", 5, True)
    assert "source" not in json.loads(str(told.values["settings"]))
    assert tell_settings(one, "selatan").values["origin"] == "file"

"""Every state, cause, picture and fault has a word on the screens."""

import pytest

from edge.wire.bodies import CameraFault, PictureState
from hub.cctv.rules import CameraState, Cause, Verdict
from tests.hub.screens import Screens


def say(screens: Screens, macro: str, verdict: Verdict) -> str:
    with screens.app.test_request_context("http://localhost/"):
        words = screens.app.jinja_env.get_template("cctv/words.html").make_module()
        return str(getattr(words, macro)(verdict)).strip()


@pytest.mark.parametrize("state", list(CameraState))
def test_states(screens: Screens, state: CameraState) -> None:
    assert say(screens, "state_word", Verdict(state))
    assert say(screens, "tone_of", Verdict(state)) in ("good", "warn", "bad", "idle")


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.NONE])
def test_causes(screens: Screens, cause: Cause) -> None:
    assert say(screens, "cause_words", Verdict(CameraState.OFFLINE, cause))


@pytest.mark.parametrize("fault", [fault for fault in CameraFault if fault is not CameraFault.NONE])
def test_faults(screens: Screens, fault: CameraFault) -> None:
    words = say(screens, "cause_words", Verdict(CameraState.OFFLINE, Cause.CAMERA, fault=fault))
    assert words.startswith("kamera: ")
    assert len(words) > len("kamera: ")


@pytest.mark.parametrize("picture", [picture for picture in PictureState if picture is not PictureState.GOOD])
def test_pictures(screens: Screens, picture: PictureState) -> None:
    words = say(screens, "cause_words", Verdict(CameraState.DISTURBED, Cause.CAMERA, picture=picture))
    assert words.startswith("kamera: ")
    assert len(words) > len("kamera: ")

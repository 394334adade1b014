"""Every state, cause, picture and fault has a word on the screens."""

from collections.abc import Iterator

import pytest

from edge.config import Medium
from edge.health.causes.diagnosis import CameraEvidence, diagnose_camera
from edge.wire.records.bodies import CameraFault, PictureState
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


def facts() -> Iterator[str]:
    """Return every fact a device can name, found by showing it all there is."""
    for value in (True, False):
        for medium in Medium:
            for picture in (PictureState.ABSENT, PictureState.COVERED):
                for dark in (0, 2):
                    for answers in (True, False):
                        evidence = CameraEvidence(
                            picture=picture,
                            fault=CameraFault.REFUSED,
                            medium=medium,
                            siblings=2,
                            siblings_dark=dark,
                            answers_ping=answers,
                            has_arp=True,
                            has_port_power=value,
                            is_switch_answering=value,
                            is_gateway_answering=value,
                            has_own_carrier=value,
                            is_mains_lost=value,
                            is_under_voltage=value,
                            loss_share=0.4 if value else 0.0,
                            signal_dbm=-90,
                            is_signal_falling=True,
                        )
                        yield from diagnose_camera(evidence).evidence


def test_every_fact_a_device_names_has_words(screens: Screens) -> None:
    named = set(facts())
    assert len(named) >= 12
    with screens.app.test_request_context("http://localhost/"):
        words = screens.app.jinja_env.get_template("cctv/words.html").make_module()
        unsaid = {name for name in named if str(words.fact_word(name)).strip() == name}  # type: ignore[attr-defined]  # a macro
    assert unsaid == set()

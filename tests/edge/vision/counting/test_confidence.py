import pytest

from edge.vision.counting.confidence import Confidence
from edge.vision.things.tracks import Track


def settled(*, is_merged: bool = False, luma: float = 110, share: float = 0.05, noise: float = 1) -> float:
    confidence = Confidence()
    track = Track(1, 0, 0, 5, 5, 10.0, is_merged=is_merged)
    for _ in range(400):
        confidence.see([track], luma=luma, motion_share=share, noise=noise)
    return confidence.value


def test_daylight_and_free_flow_are_trusted() -> None:
    assert settled() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("trouble", [{"is_merged": True}, {"luma": 30.0}, {"share": 0.6}, {"noise": 9.0}])
def test_crowds_night_a_full_picture_and_noise_lower_the_trust(trouble: dict[str, float]) -> None:
    assert settled(**trouble) < 0.7  # type: ignore[arg-type]  # one keyword at a time


def test_an_empty_street_is_trusted() -> None:
    assert Confidence().see([], luma=110, motion_share=0, noise=1) == 1.0

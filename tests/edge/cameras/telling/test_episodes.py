"""Motion to episodes."""

import pytest

from edge.cameras.telling.episodes import Episodes
from edge.wire.records.bodies import MotionEvent

STEP_S = 0.1


def events(shares: list[float]) -> list[MotionEvent]:
    episodes = Episodes("gate")
    seen = [episodes.see(share, number * STEP_S) for number, share in enumerate(shares)]
    return [event for event in [*seen, episodes.end()] if event is not None]


def test_a_still_scene_has_no_episodes() -> None:
    assert events([0.0, 0.002, 0.0039] * 50) == []


def test_an_episode_lasts_from_the_first_to_the_last_motion() -> None:
    (event,) = events([0.0] * 10 + [0.02, 0.3] * 10 + [0.0] * 40)
    assert event.camera == "gate"
    assert event.duration_s == pytest.approx(1.9)
    assert event.peak_share == pytest.approx(0.3)


def test_a_flash_is_no_episode() -> None:
    assert events([0.0] * 10 + [0.9] * 3 + [0.0] * 40) == []


def test_a_short_rest_does_not_split_an_episode() -> None:
    (event,) = events([0.1] * 10 + [0.0] * 15 + [0.1] * 10 + [0.0] * 30)
    assert event.duration_s == pytest.approx(3.4)


def test_a_long_rest_does() -> None:
    assert len(events([0.1] * 10 + [0.0] * 30 + [0.1] * 10 + [0.0] * 30)) == 2


def test_weak_motion_keeps_an_episode_alive_but_does_not_begin_one() -> None:
    assert events([0.003] * 100) == []
    (event,) = events([0.003] * 20 + [0.005] + [0.003] * 60)
    assert event.duration_s == pytest.approx(6.0)


def test_endless_motion_is_told_each_minute_with_its_own_peak() -> None:
    shares = [0.5] * 600 + [0.1] * 650
    told = events(shares)
    assert len(told) == 3
    assert [event.duration_s for event in told[:2]] == pytest.approx([60.0, 60.0])
    assert told[0].peak_share == pytest.approx(0.5)
    assert told[1].peak_share == pytest.approx(0.1)
    assert sum(event.duration_s for event in told) == pytest.approx(124.9)


def test_the_end_of_the_worker_ends_the_episode() -> None:
    episodes = Episodes("gate")
    for number in range(20):
        assert episodes.see(0.1, number * STEP_S) is None
    event = episodes.end()
    assert event is not None
    assert event.duration_s == pytest.approx(1.9)
    assert episodes.end() is None


def test_motion_lasts_once_it_is_no_bird_and_until_the_episode_ends() -> None:
    episodes = Episodes("gate")
    assert not episodes.is_lasting
    lasting = []
    for number in range(12):
        episodes.see(0.1, number * STEP_S)
        lasting.append(episodes.is_lasting)
    assert not lasting[0]
    assert lasting[-1]
    episodes.end()
    assert not episodes.is_lasting

"""Every simulated fault is found within half a minute and by its name; normal pictures raise no alarm.

The long version is ``./pontive bench picture``.
"""

from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from edge.cameras.drawn.settings import Weather
from edge.vision.health.references import References
from edge.vision.health.watch import HIDDEN_LOOKS, PictureWatch
from edge.wire.records.bodies import PictureState as State
from tests.edge.vision.conftest import CLIPS
from tests.edge.vision.health.pictures import (
    FAULTS,
    Fault,
    Film,
    Luma,
    Shot,
    black,
    changed,
    clouds,
    coded,
    covered,
    dim,
    dusk_and_dawn,
    faulty,
    first,
    gained,
    haze,
    looped,
    lorry_before_the_lens,
    noisy,
    seen,
    storm,
    street,
    traffic_light,
    turned,
)

Clip = Callable[[str], tuple[Path, dict[str, Any]]]
FOUND_WITHIN_S = 30.0
GOOD_S = 30.0


def changes_of(watch: PictureWatch, film: Film) -> list[tuple[State, float]]:
    """Return the changes of state with the times of their frames."""
    changes = []
    for shot in film:
        verdict = watch.see(shot.luma, shot.pts_s, damaged=shot.damaged, is_key=shot.is_key)
        if verdict.is_changed:
            changes.append((verdict.state, shot.pts_s))
    return changes


def later(film: Film, by_s: float) -> Film:
    for shot in film:
        yield Shot(shot.luma, shot.pts_s + by_s, shot.damaged, shot.is_key)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found_and_named(fault: Fault) -> None:
    # What is judged frame by frame takes ten times as long to draw.
    weathers = fault.weathers[:1] if fault.fps > 1 else (fault.weathers[0], fault.weathers[-1])
    for weather in weathers:
        film = first(faulty(fault, weather, 2, good_s=GOOD_S), GOOD_S + FOUND_WITHIN_S)
        changes = changes_of(PictureWatch(fault.fps), film)
        assert [state for state, _ in changes] == [fault.state], weather
        assert changes[0][1] >= GOOD_S


@pytest.mark.parametrize("weather", list(Weather))
def test_normal_streets_raise_no_alarm(weather: Weather) -> None:
    assert changes_of(PictureWatch(1.0), first(street(weather, 3), 60)) == []


@pytest.mark.parametrize(
    ("change", "seconds"),
    [
        (partial(dusk_and_dawn, hour_s=60.0), 150),
        (clouds, 60),
        (lorry_before_the_lens, 240),
        (traffic_light, 60),
        (haze, 200),
        (storm, 60),
    ],
    ids=["dusk-and-dawn", "clouds", "lorry", "traffic-light", "haze", "storm"],
)
def test_what_is_normal_though_strange_raises_no_alarm(
    change: Callable[[Luma, float], Luma], seconds: float
) -> None:
    assert changes_of(PictureWatch(1.0), first(changed(street(Weather.CLEAR, 7), change), seconds)) == []


@pytest.mark.parametrize("weather", [Weather.NIGHT, Weather.EXPOSURE])
def test_frames_at_the_rate_of_a_camera_raise_no_alarm(weather: Weather) -> None:
    assert changes_of(PictureWatch(10.0), first(street(weather, 4, fps=10), 15)) == []


def test_a_poor_stream_is_not_torn() -> None:
    film = coded(street(Weather.CLEAR, 9, fps=10), bit_rate=60_000)
    assert changes_of(PictureWatch(10.0), first(film, 20)) == []


@pytest.mark.parametrize("name", ["car-detection.mp4", "one-by-one-person-detection.mp4"])
def test_real_clips_raise_no_alarm_by_day_and_by_a_third_of_the_light(clip: Clip, name: str) -> None:
    path, truth = clip(name)
    day, night = PictureWatch(truth["fps"]), PictureWatch(truth["fps"])
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            luma = frame.to_ndarray(format="gray").astype(np.uint8)[::2, ::2]
            for watch, light in ((day, 1.0), (night, 1 / 3)):
                verdict = watch.see(gained(luma, light), number / truth["fps"])
                assert verdict.state is State.GOOD, f"frame {number}: {verdict}"


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the real clips are not beside the checkout (../shared/video)")
def test_a_looped_real_clip_raises_no_alarm(clip: Clip) -> None:
    path, truth = clip("one-by-one-person-detection.mp4")
    with av.open(str(path)) as container:
        step = round(truth["fps"])
        pictures = [
            frame.to_ndarray(format="gray").astype(np.uint8)
            for number, frame in enumerate(container.decode(video=0))
            if number % step == 0
        ]
    assert changes_of(PictureWatch(1.0), first(changed(looped(pictures, fps=1.0), dim), 420)) == []


def test_a_small_looped_film_of_little_but_traffic_is_not_moved() -> None:
    """Nothing stands still in it: there is no place to have moved from."""

    def picture(number: int) -> Luma:
        luma = np.repeat(np.linspace(70, 150, 96, dtype=np.uint8)[:, None], 128, axis=1)
        for lane in range(4):
            left = int((number / 80 * (lane + 1) + lane / 4) % 1 * 128)
            luma[96 * (2 * lane + 1) // 9 :][:10, left : left + 16] = 40 + 50 * lane
        return luma

    film = looped([picture(number) for number in range(80)], fps=10.0)
    assert changes_of(PictureWatch(10.0), first(film, 240)) == []


def test_with_nothing_to_hold_on_to_a_cover_is_still_found() -> None:
    waves = [noisy(np.full((96, 128), 120, np.uint8), number, 25) for number in range(40)]
    watch = PictureWatch(1.0)
    assert changes_of(watch, first(looped(waves, fps=1.0), 40)) == []
    plain = later(
        first(changed(looped(waves, fps=1.0), lambda luma, at_s: noisy(luma * 0 + 90, at_s, 0.3)), 30), 40
    )
    assert [state for state, _ in changes_of(watch, plain)] == [State.COVERED]


def test_a_fault_that_ends_is_good_again() -> None:
    watch = PictureWatch(1.0)

    def spell(luma: Luma, pts_s: float) -> Luma:
        return black(luma, pts_s) if 30 <= pts_s < 60 else luma

    changes = changes_of(watch, first(changed(street(Weather.CLEAR, 2), spell), 90))
    assert [state for state, _ in changes] == [State.BLACK, State.GOOD]


def test_a_lorry_that_never_leaves_is_told_at_last_and_forgotten_when_it_does() -> None:
    stands_s = HIDDEN_LOOKS + 60.0

    def parked(luma: Luma, pts_s: float) -> Luma:
        return lorry_before_the_lens(luma, 150.0) if 40 <= pts_s < 40 + stands_s else luma

    film = first(changed(street(Weather.CLEAR, 7), parked), 40 + stands_s + 30)
    changes = changes_of(PictureWatch(1.0), film)
    assert len(changes) == 2
    assert changes[0][0] in (State.COVERED, State.MOVED)
    assert changes[0][1] >= 40 + HIDDEN_LOOKS
    assert changes[1][0] is State.GOOD


def test_each_view_of_a_turning_camera_has_its_own_reference() -> None:
    references = References()
    watches = [PictureWatch(1.0, references, view=view) for view in ("gate", "bridge")]
    views = [seen(street(Weather.CLEAR, seed), 120) for seed in (2, 3)]
    states = {
        watches[turn % 2].see(luma, turn * 20.0 + number).state
        for turn in range(6)
        for number, luma in enumerate(views[turn % 2][turn * 20 : turn * 20 + 20])
    }
    assert states == {State.GOOD}
    wrong = [watches[0].see(luma, 120.0 + number).state for number, luma in enumerate(views[1][:30])]
    assert wrong[-1] is State.MOVED


def test_a_camera_that_is_covered_at_its_start_is_compared_with_what_was_kept() -> None:
    references = References()
    changes_of(PictureWatch(1.0, references), first(street(Weather.CLEAR, 2), 70))
    again = PictureWatch(1.0, References(references.to_bytes()))
    changes = changes_of(again, first(changed(street(Weather.CLEAR, 2), covered), 20))
    assert [state for state, _ in changes] == [State.COVERED]
    assert changes_of(PictureWatch(1.0), first(changed(street(Weather.CLEAR, 2), covered), 20)) == []


def test_a_timestamp_that_stands_still_or_jumps_does_not_stop_the_watch() -> None:
    normal = seen(street(Weather.CLEAR, 2), 20)
    watch = PictureWatch(1.0)
    for luma in normal:
        watch.see(luma, 5.0)
    states = {watch.see(normal[-1], 1e9 * (number % 2)).state for number in range(60)}
    assert State.FROZEN in states


def test_a_frozen_picture_ends_with_the_first_other_one() -> None:
    normal = seen(street(Weather.CLEAR, 2), 20)
    watch = PictureWatch(1.0)
    for number, luma in enumerate([*normal, *[normal[-1]] * 20]):
        state = watch.see(luma, float(number)).state
    assert state is State.FROZEN
    assert watch.see(normal[3], 40.0).state is State.GOOD


def test_a_picture_of_another_size_begins_anew() -> None:
    watch = PictureWatch(1.0)
    changes_of(watch, first(street(Weather.CLEAR, 2), 40))
    larger = (
        Shot(np.kron(shot.luma, np.ones((2, 3), np.uint8)), shot.pts_s + 40)
        for shot in street(Weather.CLEAR, 3)
    )
    assert changes_of(watch, first(larger, 80)) == []


def test_darkness_that_hides_the_place_is_no_other_place() -> None:
    """The first night of a camera: other shadows, other lights, and no reference yet."""
    watch = PictureWatch(1.0)
    changes_of(watch, first(street(Weather.CLEAR, 2), 40))
    night = later(changed(street(Weather.NIGHT, 2), lambda luma, _: turned(luma, 0)), 40)
    assert changes_of(watch, islice(night, 60)) == []

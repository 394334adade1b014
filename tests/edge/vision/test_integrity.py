"""Every simulated fault is found within half a minute, and normal pictures raise no alarm."""

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.cameras.scene import SceneCamera, parse_scene
from edge.vision.integrity import PictureWatch
from edge.wire.bodies import PictureState as State

Luma = NDArray[np.uint8]
Clip = Callable[[str], tuple[Path, dict[str, Any]]]
RATE_HZ = 2.0
FOUND_WITHIN_S = 30


def noisy(frame: Luma, number: int) -> Luma:
    noise = np.random.default_rng(number).normal(0, 1.2, frame.shape)
    return np.clip(frame + noise, 0, 255).astype(np.uint8)


def hand_before(frame: Luma) -> Luma:
    """A dark, strongly blurred remnant of the picture."""
    height, width = frame.shape
    few = cv2.GaussianBlur(cv2.resize(frame, (width // 16, height // 16)), (0, 0), 2.5)
    return (cv2.resize(few, (width, height)) * 0.3 + 20).astype(np.uint8)


FAULTS: dict[State, Callable[[Luma, int], Luma]] = {
    State.BLACK: lambda f, n: np.random.default_rng(n).integers(14, 20, f.shape).astype(np.uint8),
    State.COVERED: lambda f, n: noisy(hand_before(f), n),
    State.DEFOCUSED: lambda f, n: np.asarray(cv2.GaussianBlur(f, (0, 0), f.shape[1] / 100), np.uint8),
    State.MOVED: lambda f, n: np.roll(f, round(0.06 * f.shape[1]), axis=1),
}


def drawn(weather: str, frames: int = 60, seed: int = 2) -> list[Luma]:
    camera = SceneCamera(parse_scene(f"street?seed={seed}&weather={weather}&fps={RATE_HZ}&pace=max"))
    camera.open()
    return [frame.luma for frame in islice(camera.frames(), frames)]


def watch_over(
    watch: PictureWatch, frames: Iterator[Luma], start: int, count: int
) -> list[tuple[State, float]]:
    """Return the changes of state with their times in seconds since ``start``."""
    changes = []
    for number, frame in enumerate(islice(frames, count)):
        seen = watch.see(frame, (start + number) / RATE_HZ)
        if seen.is_changed:
            changes.append((seen.state, number / RATE_HZ))
    return changes


@pytest.mark.parametrize("fault", list(FAULTS), ids=lambda fault: fault.value)
@pytest.mark.parametrize("weather", ["clear", "night"])
def test_a_fault_is_found_and_named(fault: State, weather: str) -> None:
    normal = drawn(weather)
    watch = PictureWatch(RATE_HZ)
    assert watch_over(watch, iter(normal), 0, 60) == []
    broken = (FAULTS[fault](frame, number) for number, frame in enumerate(cycle(normal)))
    changes = watch_over(watch, broken, 60, int(FOUND_WITHIN_S * RATE_HZ))
    assert [state for state, _ in changes] == [fault]


@pytest.mark.parametrize("weather", ["clear", "night"])
def test_a_frozen_picture_is_found_though_its_clock_runs(weather: str) -> None:
    normal = drawn(weather, 20)
    watch = PictureWatch(RATE_HZ)
    watch_over(watch, iter(normal), 0, 20)

    def frozen() -> Iterator[Luma]:
        for number in range(int(FOUND_WITHIN_S * RATE_HZ)):
            frame = normal[-1].copy()
            frame[2:20, 10:100] = number % 200
            yield frame

    changes = watch_over(watch, frozen(), 20, 1000)
    assert [state for state, _ in changes] == [State.FROZEN]
    assert watch_over(watch, iter(normal), 100, 4)[0][0] is State.GOOD


@pytest.mark.parametrize(
    "weather",
    ["clear", "shadows", "exposure", "rain", "night", "shake", "motorcycles", "lorries", "standing"],
)
def test_normal_drawn_pictures_raise_no_alarm(weather: str) -> None:
    assert watch_over(PictureWatch(RATE_HZ), iter(drawn(weather, 120, seed=3)), 0, 120) == []


@pytest.mark.parametrize("light", [1.0, 1 / 3], ids=["by-day", "by-night"])
@pytest.mark.parametrize("name", ["car-detection.mp4", "one-by-one-person-detection.mp4"])
def test_real_clips_raise_no_alarm(clip: Clip, name: str, light: float) -> None:
    path, truth = clip(name)
    watch = PictureWatch(truth["fps"])
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            luma = frame.to_ndarray(format="gray")
            seen = watch.see((luma * light).astype(np.uint8), number / truth["fps"])
            assert seen.state is State.GOOD, f"frame {number}: {seen}"


def test_a_fault_that_ends_is_good_again() -> None:
    normal = drawn("clear")
    watch = PictureWatch(RATE_HZ)
    watch_over(watch, iter(normal), 0, 60)
    black = (FAULTS[State.BLACK](frame, number) for number, frame in enumerate(normal))
    watch_over(watch, black, 60, 40)
    assert [state for state, _ in watch_over(watch, cycle(normal), 100, 60)] == [State.GOOD]


def test_dusk_is_no_fault() -> None:
    normal = drawn("clear")
    watch = PictureWatch(RATE_HZ)
    dusk = (
        (frame * max(0.25, 1 - number / 200)).astype(np.uint8) for number, frame in enumerate(cycle(normal))
    )
    assert watch_over(watch, dusk, 0, 320) == []


def test_after_a_new_view_was_chosen_it_is_good_as_it_is() -> None:
    normal = drawn("clear")
    turned = [np.ascontiguousarray(frame[:, ::-1]) for frame in drawn("clear", seed=4)]
    watch = PictureWatch(RATE_HZ)
    watch_over(watch, iter(normal), 0, 60)
    watch.relearn()
    assert watch_over(watch, cycle(turned), 60, 80) == []


def test_a_timestamp_that_stands_still_or_jumps_does_not_stop_the_watch() -> None:
    normal = drawn("clear", 20)
    watch = PictureWatch(RATE_HZ)
    for frame in normal:
        watch.see(frame, 5.0)
    states = {watch.see(normal[-1], 1e9 * (number % 2)).state for number in range(60)}
    assert State.FROZEN in states

"""Pictures for the watch: streets as they normally are in all weathers, and everything that can be wrong.

Shared by the tests and by ``./pontive bench picture``.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import cycle, islice

import cv2
import numpy as np
from av.error import InvalidDataError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from edge.cameras.drawn.settings import SceneSettings, Weather
from edge.cameras.sources.scene import SceneCamera
from edge.wire.records.bodies import PictureState as State

Luma = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame as the watch is given it."""

    luma: Luma
    pts_s: float
    damaged: int = 0
    is_key: bool = False


Film = Iterator[Shot]
Change = Callable[[Luma, float], Luma]


def street(weather: Weather, seed: int, *, fps: float = 1.0, traffic: float = 30.0) -> Film:
    """Yield a drawn street for ever; not from its first seconds, when it is still empty."""
    settings = SceneSettings(
        seed=seed,
        fps=fps,
        weather=weather,
        width_px=320,
        height_px=180,
        pace="max",
        vehicles_per_minute=traffic,
    )
    camera = SceneCamera(settings)
    camera.open()
    for frame in camera.frames():
        yield Shot(frame.luma, frame.pts_s)


def changed(film: Film, change: Change) -> Film:
    """Yield ``film`` with each picture changed, by its time."""
    for shot in film:
        yield replace(shot, luma=change(shot.luma, shot.pts_s))


def first(film: Film, seconds: float) -> Film:
    """Yield the first seconds of ``film``."""
    for shot in film:
        if shot.pts_s >= seconds:
            return
        yield shot


def looped(pictures: Iterable[Luma], *, fps: float) -> Film:
    """Yield pictures again and again."""
    for number, luma in enumerate(cycle(list(pictures))):
        yield Shot(luma, number / fps)


# --- what is normal though it looks strange ------------------------------------------------------


def gained(luma: Luma, gain: float, offset: float = 0.0) -> Luma:
    picture: Luma = np.clip(luma * np.float32(gain) + np.float32(offset), 0, 255).astype(np.uint8)
    return picture


def dusk_and_dawn(luma: Luma, pts_s: float, *, night: float = 0.15, hour_s: float = 300.0) -> Luma:
    """From day to night in one accelerated hour, and back in the next."""
    place = abs((pts_s / hour_s) % 2 - 1)
    return gained(luma, night + (1 - night) * place)


def clouds(luma: Luma, pts_s: float) -> Luma:
    """Shade that comes and goes within seconds."""
    return gained(luma, 0.8 + 0.3 * np.tanh(3 * np.sin(pts_s / 11)))


def lorry_before_the_lens(luma: Luma, pts_s: float, *, share: float = 0.8) -> Luma:
    """A lorry that stands for a minute of every three, so near that little is left to see."""
    if pts_s % 180 < 120:
        return luma
    height, width = luma.shape
    picture = luma.copy()
    side = picture[: round(0.92 * height), : round(share * width)]
    side[:] = 168
    side[::24] = 120
    side[:, ::60] = 90
    return noisy(picture, pts_s, 1.0)


def traffic_light(luma: Luma, pts_s: float) -> Luma:
    """A lamp near the camera that changes, and a sign that blinks every second."""
    picture = luma.copy()
    height, width = picture.shape
    lamp = int(pts_s / 20) % 3
    picture[10 + lamp * 12 : 20 + lamp * 12, 10:20] = 250
    if int(pts_s * 2) % 2:
        picture[height // 3 : height // 3 + 24, width - 60 : width - 20] = 240
    return picture


def haze(luma: Luma, pts_s: float) -> Luma:
    """Smoke that thickens until a third of the contrast is left, and thins again."""
    thick = 0.65 * (0.5 - 0.5 * np.cos(pts_s / 60))
    return noisy(gained(luma, 1 - thick, 170 * thick), pts_s, 0.6)


def storm(luma: Luma, pts_s: float) -> Luma:
    """Lightning now and then."""
    return gained(luma, 1.0, 120.0) if int(pts_s) % 17 == 0 else luma


def head_lights(luma: Luma, pts_s: float) -> Luma:
    """An exposure that gives way to each pair of head-lights, about every two seconds."""
    passing = np.cumsum(np.random.default_rng(20261122).exponential(2.0, 400))
    since_s = min((pts_s - at_s for at_s in passing if at_s <= pts_s), default=99.0)
    return gained(luma, 0.55 + 0.45 * min(1.0, abs(since_s - 0.3)))


def dim(luma: Luma, pts_s: float) -> Luma:
    """A third of the light."""
    return gained(luma, 1 / 3)


def noisy(luma: Luma, pts_s: float, spread: float) -> Luma:
    noise = np.random.default_rng(int(pts_s * 1000)).normal(0, spread, luma.shape)
    return np.clip(luma + noise, 0, 255).astype(np.uint8)


def normal_films() -> Iterator[tuple[str, Film, float]]:
    """Yield (name, film, seconds) of everything that must raise no alarm."""
    for weather in Weather:
        for seed in (2, 3):
            yield f"{weather.value}-{seed}", street(weather, seed), 60.0
    # At the rate of a camera, so that what is judged frame by frame is judged too.
    for weather in (Weather.NIGHT, Weather.EXPOSURE, Weather.SHAKE, Weather.RAIN):
        yield f"{weather.value}-fast", street(weather, 4, fps=10), 40.0
    yield "crowd", street(Weather.STANDING, 5, traffic=90), 120.0
    yield "dense-motorcycles-fast", street(Weather.MOTORCYCLES, 5, fps=10, traffic=120), 40.0
    yield "dense-night", street(Weather.NIGHT, 6, traffic=120), 120.0
    changes: dict[str, tuple[Change, float]] = {
        "dusk-and-dawn": (dusk_and_dawn, 1200.0),
        "quick-dusk": (partial(dusk_and_dawn, hour_s=120.0), 480.0),
        "clouds": (clouds, 240.0),
        "lorry": (lorry_before_the_lens, 540.0),
        "traffic-light": (traffic_light, 120.0),
        "haze": (haze, 400.0),
        "storm": (storm, 120.0),
    }
    for name, (change, seconds) in changes.items():
        yield name, changed(street(Weather.CLEAR, 7), change), seconds
    yield "lorry-by-night", changed(street(Weather.NIGHT, 8), lorry_before_the_lens), 360.0
    yield "head-lights", changed(street(Weather.NIGHT, 6, fps=10, traffic=60), head_lights), 120.0
    yield "poor-stream", coded(street(Weather.CLEAR, 9, fps=10), bit_rate=60_000), 60.0


# --- what is wrong -------------------------------------------------------------------------------


def black(luma: Luma, pts_s: float) -> Luma:
    return np.random.default_rng(int(pts_s * 1000)).integers(14, 20, luma.shape).astype(np.uint8)


def covered(luma: Luma, pts_s: float) -> Luma:
    """A hand before the lens: a dark, strongly blurred remnant of the picture."""
    height, width = luma.shape
    few = cv2.GaussianBlur(cv2.resize(luma, (width // 16, height // 16)), (0, 0), 2.5)
    return noisy(gained(np.asarray(cv2.resize(few, (width, height)), np.uint8), 0.3, 20), pts_s, 1.2)


def sprayed(luma: Luma, pts_s: float) -> Luma:
    """Paint on the glass: one bright, even grey."""
    return noisy(np.full_like(luma, 150), pts_s, 1.2)


def defocused(luma: Luma, pts_s: float, *, parts: int = 100) -> Luma:
    """Blurred by a Gaussian of one so many parts of the width."""
    return np.asarray(cv2.GaussianBlur(luma, (0, 0), luma.shape[1] / parts), np.uint8)


def moved(luma: Luma, pts_s: float) -> Luma:
    """Pushed 6 % sideways; the edge shows something else."""
    shift = round(0.06 * luma.shape[1])
    return np.concatenate((luma[:, shift:], luma[:, :shift][:, ::-1]), axis=1)


def turned(luma: Luma, pts_s: float) -> Luma:
    """Round by 180 degrees on its axis: no shift explains it."""
    return np.ascontiguousarray(luma[::-1, ::-1])


def over_exposed(luma: Luma, pts_s: float) -> Luma:
    return gained(luma, 2.6, 70)


def mains(luma: Luma, pts_s: float) -> Luma:
    """Lamps on 50 Hz seen by a camera set to 60: bands that roll through the picture."""
    rows = np.arange(luma.shape[0], dtype=np.float32)[:, None]
    gain = 1 + 0.25 * np.sin(2 * np.pi * (3.3 * pts_s + rows / luma.shape[0]))
    picture: Luma = np.clip(luma * gain, 0, 255).astype(np.uint8)
    return picture


def pumping(luma: Luma, pts_s: float) -> Luma:
    """An exposure that finds no rest."""
    return gained(luma, 1 + 0.3 * np.sin(2 * np.pi * pts_s / 1.3))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: how the pictures are changed, or how the stream is."""

    name: str
    state: State
    change: Change | None = None
    fps: float = 1.0
    weathers: tuple[Weather, ...] = (Weather.CLEAR, Weather.NIGHT, Weather.RAIN, Weather.STANDING)


FAULTS = (
    Fault("black", State.BLACK, black),
    Fault("hand", State.COVERED, covered),
    Fault("paint", State.COVERED, sprayed),
    Fault("focus", State.DEFOCUSED, defocused),
    Fault("focus-far", State.DEFOCUSED, partial(defocused, parts=50)),
    Fault("pushed", State.MOVED, moved),
    Fault("turned", State.MOVED, turned),
    Fault("frozen", State.FROZEN),
    Fault("white", State.OVEREXPOSED, over_exposed, weathers=(Weather.CLEAR, Weather.RAIN, Weather.STANDING)),
    Fault("white-night", State.OVEREXPOSED, lambda luma, _: gained(luma, 12, 60), weathers=(Weather.NIGHT,)),
    Fault("mains", State.FLICKERING, mains, fps=10.0),
    Fault("pumping", State.FLICKERING, pumping, fps=10.0),
    Fault("torn", State.SMEARED, fps=10.0),
)


def faulty(fault: Fault, weather: Weather, seed: int, *, good_s: float) -> Film:
    """Yield a street that is good for ``good_s``, and then has the fault, for ever."""
    film = street(weather, seed, fps=fault.fps)
    if fault.state is State.SMEARED:
        return coded(film, bit_rate=300_000, torn_from_s=good_s)
    if fault.state is State.FROZEN:
        return frozen(film, good_s)
    assert fault.change is not None
    return changed(film, partial(_from, fault.change, good_s))


def _from(change: Change, from_s: float, luma: Luma, pts_s: float) -> Luma:
    return change(luma, pts_s) if pts_s >= from_s else luma


def frozen(film: Film, from_s: float) -> Film:
    """Yield ``film`` until it stands still; only the clock in its corner runs on."""
    last: Luma | None = None
    for shot in film:
        if shot.pts_s < from_s or last is None:
            last = shot.luma
            yield shot
            continue
        picture = last.copy()
        picture[2:14, 10:80] = int(shot.pts_s) % 200
        yield replace(shot, luma=picture)


def coded(film: Film, *, bit_rate: int, torn_from_s: float = np.inf, gop: int = 20) -> Film:
    """Yield ``film`` as H.264 leaves it, damaged on its way from ``torn_from_s`` on."""
    encoder = _encoder(bit_rate, gop)
    decoder = VideoCodecContext.create("h264", "r")
    decoder.thread_count = 1
    damage, lost = random.Random(1), 0
    for shot in film:
        frame = VideoFrame.from_ndarray(shot.luma, format="gray").reformat(format="yuv420p")
        frame.pts = round(shot.pts_s * 1000)
        for packet in encoder.encode(frame):
            data = bytes(packet)
            if shot.pts_s >= torn_from_s and not packet.is_keyframe and damage.random() < 0.4:
                data = data[:12] + bytes(byte ^ (damage.random() < 0.02) * 0x55 for byte in data[12:])
            try:
                pictures = decoder.decode(Packet(data))
            except InvalidDataError:
                lost += 1
                continue
            for picture in pictures:
                luma = picture.to_ndarray()[: picture.height, : picture.width].astype(np.uint8)
                yield Shot(luma, shot.pts_s, lost + int(picture.is_corrupt), bool(picture.key_frame))
                lost = 0


def _encoder(bit_rate: int, gop: int) -> VideoCodecContext:
    encoder = VideoCodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 320, 180, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, 1000), Fraction(10)
    encoder.bit_rate, encoder.gop_size, encoder.thread_count = bit_rate, gop, 1
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "x264-params": "scenecut=0"}
    return encoder


def seen(film: Film, count: int) -> list[Luma]:
    """Return the first pictures of ``film``."""
    return [shot.luma for shot in islice(film, count)]

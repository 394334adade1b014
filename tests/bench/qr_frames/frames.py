"""One frame from its seed: background, held things, light, lens, sensor."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from qr_frames.backgrounds import add_clutter, draw_background
from qr_frames.conditions import BUCKETS, Conditions, Rng, usual
from qr_frames.lens import kernel_of
from qr_frames.objects import MODULE_PX, Held, draw_held

Luma = NDArray[np.uint8]
Linear = NDArray[np.float32]
_SHARPENING = 2  # drawn larger and reduced, as a pixel sums the light that falls on it
_SIZES = ((640, 480), (1280, 720))


@dataclass(frozen=True)
class DrawnFrame:
    """A frame and the exact texts in it."""

    luma: Luma
    texts: tuple[str, ...]
    bucket: str
    level: int


def draw_frame(seed: int, bucket: str, number: int, footage: Sequence[Luma] = ()) -> DrawnFrame:
    """Draw frame ``number`` of a bucket; the same arguments always give the same bytes."""
    rng = np.random.default_rng([seed, sorted(BUCKETS).index(bucket), number])
    width, height = _SIZES[int(rng.random() >= 0.6)]
    level = number % 3
    conditions = BUCKETS[bucket](usual(rng), rng, level)
    picture = draw_background(rng, width, height, footage) * np.float32(conditions.ambient * 1.4)
    if conditions.clutter:
        add_clutter(picture, rng, conditions.clutter)
    texts = []
    for place in _places(conditions.codes, width, height, rng):
        held = draw_held(conditions, rng)
        _lay(picture, held, conditions, place, rng)
        texts.append(held.text)
    return DrawnFrame(_expose(picture, conditions, rng), tuple(texts), bucket, level)


def _places(count: int, width: int, height: int, rng: Rng) -> list[tuple[float, float, float, float]]:
    """Return centre and room (x, y, width, height) of each thing held up."""
    if count <= 1:
        return [(width / 2, height / 2, width, height)] * count
    cell_width, cell_height = width / 2, height / (1 if count == 2 else 2)
    cells = [(column, row) for row in range(1 if count == 2 else 2) for column in range(2)]
    chosen = [cells[i] for i in rng.permutation(len(cells))[:count]]
    return [((x + 0.5) * cell_width, (y + 0.5) * cell_height, cell_width, cell_height) for x, y in chosen]


def _lay(
    picture: Linear, held: Held, conditions: Conditions, place: tuple[float, float, float, float], rng: Rng
) -> None:
    x, y, room_width, room_height = place
    height, width = picture.shape
    whole_modules = held.modules + 2 * conditions.quiet_modules
    turned = abs(np.cos(conditions.roll)) + abs(np.sin(conditions.roll))
    limit = 0.93 * min(room_height, room_width) / (whole_modules * turned)
    module_px = max(1.5, min(conditions.module_px, limit))
    side_px = module_px * held.modules
    # With its quiet zone: that is what the edge of the frame takes first.
    card_px = module_px * whole_modules
    if conditions.over_edge is None:
        slack_x, slack_y = (
            max(0.0, room - whole_modules * turned * module_px) / 2 for room in (room_width, room_height)
        )
        centre = x + rng.uniform(-1, 1) * slack_x * 0.9, y + rng.uniform(-1, 1) * slack_y * 0.9
    else:
        centre = _over_edge(conditions.over_edge, card_px, width, height, rng)
    matrix = _pose(held, conditions, module_px, centre, (width, height))
    _composite(picture, held, conditions, matrix, centre, side_px, rng)


def _over_edge(share: float, side_px: float, width: int, height: int, rng: Rng) -> tuple[float, float]:
    inset = side_px / 2 - share * side_px
    edge = int(rng.integers(4))
    if edge < 2:
        return (inset if edge else width - inset), rng.uniform(0.45, 0.55) * height
    return rng.uniform(0.35, 0.65) * width, (inset if edge == 2 else height - inset)


def _pose(
    held: Held, conditions: Conditions, module_px: float, centre: tuple[float, float], size: tuple[int, int]
) -> NDArray[np.float64]:
    """Return the map from the texture to the frame; the code's middle lands on ``centre``."""
    focal = 1.1 * max(size)
    distance = focal / module_px
    scale = 1 / MODULE_PX
    middle = held.modules / 2
    to_plane = np.array(
        [[scale, 0, -held.left * scale - middle], [0, scale, -held.top * scale - middle], [0, 0, 1]]
    )
    rotation = _rotation(conditions.roll, conditions.tilt, conditions.tilt_direction)
    offset = (np.array(centre) - np.array(size) / 2) / module_px
    pose = np.column_stack([rotation[:, 0], rotation[:, 1], [offset[0], offset[1], distance]])
    camera = np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]])
    matrix: NDArray[np.float64] = camera @ pose @ to_plane
    return matrix


def _rotation(roll: float, tilt: float, direction: float) -> NDArray[np.float64]:
    axis = np.array([np.cos(direction), np.sin(direction), 0]) * tilt
    lean = cv2.Rodrigues(axis)[0]
    turn = cv2.Rodrigues(np.array([0.0, 0.0, roll]))[0]
    rotation: NDArray[np.float64] = lean @ turn
    return rotation


def _composite(
    picture: Linear,
    held: Held,
    conditions: Conditions,
    matrix: NDArray[np.float64],
    centre: tuple[float, float],
    side_px: float,
    rng: Rng,
) -> None:
    box = _box(matrix, held.texture.shape, picture.shape, int(side_px * 0.15) + 12)
    if box is None:
        return
    left, top, right, bottom = box
    size = right - left, bottom - top
    up = np.diag([_SHARPENING, _SHARPENING, 1.0]) @ np.array([[1.0, 0, -left], [0, 1.0, -top], [0, 0, 1]])
    seen = _warp(held.texture, up @ matrix, size)
    cover = _warp(np.ones_like(held.texture), up @ matrix, size)
    light = _light(seen, cover, conditions)
    here = centre[0] - left, centre[1] - top
    light, cover = _disturb(light, cover, conditions, here, side_px, rng)
    kernel = kernel_of(conditions, side_px / held.modules)
    if kernel is not None:
        light, cover = cv2.filter2D(light, -1, kernel), cv2.filter2D(cover, -1, kernel)
    if conditions.veil:
        reach = max(3.0, side_px * 0.25)
        picture += conditions.veil * cv2.GaussianBlur(_placed(light, box, picture.shape), (0, 0), reach)
    window = picture[top:bottom, left:right]
    window[:] = window * (1 - cover) + light


def _warp(texture: Linear, matrix: NDArray[np.float64], size: tuple[int, int]) -> Linear:
    large = cv2.warpPerspective(
        texture, matrix, (size[0] * _SHARPENING, size[1] * _SHARPENING), flags=cv2.INTER_AREA
    )
    return cv2.resize(large, size, interpolation=cv2.INTER_AREA)


def _light(seen: Linear, cover: Linear, conditions: Conditions) -> Linear:
    if conditions.is_phone:
        black, white = conditions.black, conditions.white
    else:
        black, white = 0.06 * conditions.ambient, 0.85 * conditions.ambient
    return (cover * black + seen * (white - black)).astype(np.float32)


def _disturb(
    light: Linear,
    cover: Linear,
    conditions: Conditions,
    centre: tuple[float, float],
    side_px: float,
    rng: Rng,
) -> tuple[Linear, Linear]:
    rows, columns = np.indices(light.shape, dtype=np.float32)
    for period, amplitude, direction, phase in conditions.gratings:
        along = columns * np.float32(np.cos(direction)) + rows * np.float32(np.sin(direction))
        light = light * (
            1 + np.float32(amplitude) * np.sin(along * np.float32(2 * np.pi / period) + np.float32(phase))
        )
    if conditions.bands:
        period, depth, share, phase = conditions.bands
        dark = (rows[:, :1] / period + phase) % 1 < share
        light = light * (1 - np.float32(depth) * dark.astype(np.float32))
    for x, y, strength, share, aspect, direction in conditions.glare:
        across = columns - centre[0] - (x - 0.5) * side_px
        down = rows - centre[1] - (y - 0.5) * side_px
        along = across * np.cos(direction) + down * np.sin(direction)
        beside = (down * np.cos(direction) - across * np.sin(direction)) / aspect
        light = light + cover * strength * np.exp(-(along**2 + beside**2) / (2 * (share * side_px) ** 2))
    light = light + cover * np.float32(conditions.haze)
    if conditions.thumb:
        light, cover = _with_thumb(light, cover, conditions, (rows, columns), centre, side_px, rng)
    return light.astype(np.float32), cover


def _with_thumb(
    light: Linear,
    cover: Linear,
    conditions: Conditions,
    grid: tuple[Linear, Linear],
    centre: tuple[float, float],
    side_px: float,
    rng: Rng,
) -> tuple[Linear, Linear]:
    rows, columns = grid
    corner = rng.choice((-0.5, 0.5), 2)
    turn = cv2.Rodrigues(np.array([0.0, 0.0, conditions.roll]))[0][:2, :2]
    x, y = np.array(centre) + turn @ (corner * side_px)
    inside = np.hypot(columns - x, rows - y) < conditions.thumb * side_px
    skin = np.float32(conditions.ambient * 0.45)
    return np.where(inside, skin, light).astype(np.float32), np.where(inside, 1, cover).astype(np.float32)


def _box(
    matrix: NDArray[np.float64], shape: tuple[int, ...], frame: tuple[int, ...], margin: int
) -> tuple[int, int, int, int] | None:
    corners = (
        np.array([[0, 0, 1], [shape[1], 0, 1], [0, shape[0], 1], [shape[1], shape[0], 1]], float) @ matrix.T
    )
    points = corners[:, :2] / corners[:, 2:]
    low = np.maximum(np.floor(points.min(axis=0)).astype(int) - margin, 0)
    high = np.minimum(np.ceil(points.max(axis=0)).astype(int) + margin, (frame[1], frame[0]))
    return None if (high - low).min() < 8 else (int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def _placed(light: Linear, box: tuple[int, int, int, int], shape: tuple[int, ...]) -> Linear:
    whole = np.zeros(shape, np.float32)
    whole[box[1] : box[3], box[0] : box[2]] = light
    return whole


def _expose(picture: Linear, conditions: Conditions, rng: Rng) -> Luma:
    soft = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.2, 0.4)))
    signal = np.clip(soft * np.float32(conditions.gain), 0, None)
    spread = np.sqrt(conditions.read_noise**2 + conditions.shot_noise * np.minimum(signal, 1)).astype(
        np.float32
    )
    noisy = signal + spread * rng.standard_normal(signal.shape, dtype=np.float32)
    luma = (np.clip(noisy, 0, 1) ** np.float32(1 / 2.2) * 255 + 0.5).astype(np.uint8)
    if rng.random() < 0.4:
        quality = int(rng.integers(70, 95))
        coded = cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        luma = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    return luma

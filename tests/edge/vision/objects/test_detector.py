"""A detector on models whose answer is known."""

import time
from pathlib import Path

import numpy as np
import pytest

from edge.vision.objects.detector import Detector, DetectorError, letterboxed
from edge.vision.objects.onnx_shape import input_shape
from tests.edge.vision.objects.onnx_writing import block, fixed, model, number

LABELS = ("merah", "biru")
RED, BLUE = (20, 10, 200), (240, 10, 20)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "model.onnx"
    path.write_bytes(content)
    return path


def flat(bgr: tuple[int, int, int], *, width: int = 64, height: int = 32) -> np.ndarray:
    return np.full((height, width, 3), bgr, np.uint8)


@pytest.mark.parametrize("version", [8, 5])
def test_both_shapes_of_output_give_one_box_where_it_is(tmp_path: Path, version: int) -> None:
    detector = Detector(written(tmp_path, model(version=version)), LABELS, least_score=0.6)
    (found,) = detector.find(flat(RED))
    assert found.label == "merah"
    # In the letterbox: half the size, eight rows of grey above and below; the box is at (8, 16).
    assert (found.x, found.y) == pytest.approx((0.25, 0.5))
    assert (found.width, found.height) == pytest.approx((12 / 64, 8 / 32))
    assert found.score == pytest.approx(200 / 255, abs=0.01)
    assert [each.label for each in detector.find(flat(BLUE))] == ["biru"]
    assert detector.find(flat((20, 10, 20))) == ()


def test_two_labels_at_one_place_are_both_found(tmp_path: Path) -> None:
    detector = Detector(written(tmp_path, model()), LABELS, least_score=0.3)
    picture = flat(RED, width=32)
    picture[:, 16:] = BLUE
    assert sorted(each.label for each in detector.find(picture)) == ["biru", "merah"]


def test_a_picture_is_laid_whole_into_the_middle_of_the_canvas() -> None:
    canvas, scale, left, top = letterboxed(flat(RED, width=30, height=90), 64, 64)
    assert (left, top) == (21, 0)
    assert scale == pytest.approx(64 / 90)
    assert canvas[0, 0].tolist() == [114] * 3
    assert canvas[32, 32].tolist() == list(RED)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no ONNX model"),
        (b"\x00" * 40, "no ONNX model"),
        (b"not a model at all, but a text", "no ONNX model"),
        (model()[:-700], "only the beginning"),
        (model(channels=1), "no colour picture"),
        (model(side_px=4096), "at most 2048"),
        (model(labels=3), "do the labels fit"),
        (block(7, block(1, b"")), "with an input"),
        (b"\xff" * 12, "only the beginning"),
        (number(1, 8) + block(7, block(11, _value := b"\x0a\x01x")), "no colour picture"),
    ],
)
def test_a_wrong_model_is_named_with_its_remedy(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(DetectorError, match=words) as caught:
        Detector(written(tmp_path, content), LABELS, least_score=0.5)
    assert "model.onnx" in str(caught.value)


def test_a_model_that_opencv_cannot_read_is_named(tmp_path: Path) -> None:
    broken = model().replace(b"Reshape", b"Rashape")
    with pytest.raises(DetectorError, match="cannot be used"):
        Detector(written(tmp_path, broken), LABELS, least_score=0.5)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(DetectorError, match=r"none\.onnx cannot be read.*copy the ONNX file"):
        Detector(tmp_path / "none.onnx", LABELS, least_score=0.5)


def test_a_model_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.onnx"
    with path.open("wb") as file:
        file.truncate(600 * 1024 * 1024)
    with pytest.raises(DetectorError, match="larger than 512 MiB"):
        Detector(path, LABELS, least_score=0.5)


def test_the_size_of_the_input_is_read_past_weights_and_strange_fields() -> None:
    assert input_shape(fixed(99) + model()) == (1, 3, 32, 32)
    with pytest.raises(ValueError, match="no ONNX"):
        input_shape(bytes([7 << 3 | 3]))


def test_what_a_look_costs_is_printed(tmp_path: Path) -> None:
    detector = Detector(written(tmp_path, model(side_px=640)), LABELS, least_score=0.6)
    picture = flat(RED, width=640, height=360)
    began = time.process_time()
    for _ in range(3):
        detector.find(picture)
    print(f"detector: {(time.process_time() - began) / 3 * 1000:.1f} ms a look round a model of one layer")

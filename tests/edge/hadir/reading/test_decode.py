"""Frames to texts: gate, passes, budget, second opinion."""

from collections.abc import Iterator

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from edge.hadir.phones.drawing import draw_code
from edge.hadir.reading.decode import IDLE_EVERY, Decoder, IdleGate, read_thoroughly
from edge.hadir.reading.effort import Effort
from edge.hadir.reading.passes import FIRST, RETRIES, Pass, Sight, is_worth_reading, look
from edge.hadir.reading.second_opinion import NoSecondOpinion

Luma = NDArray[np.uint8]
EMPTY = np.full((240, 320), 120, np.uint8)


def picture(*texts: str, module_px: int = 3) -> Luma:
    """Codes side by side on a grey wall."""
    frame = np.full((480, 640), 110, np.uint8)
    for number, text in enumerate(texts):
        code = np.kron(draw_code(text), np.ones((module_px, module_px), np.uint8))
        left = 20 + number * 310
        frame[60 : 60 + code.shape[0], left : left + code.shape[1]] = code
    return frame


class Elapsed:
    """A clock that every look at it moves on."""

    def __init__(self, step_s: float) -> None:
        self.now_s = 0.0
        self.step_s = step_s

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


class Friend:
    """A second opinion that the test speaks for."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.answer: tuple[str, ...] = ()
        self.is_closed = False

    def submit(self, luma: Luma, now_s: float) -> bool:
        self.asked.append(now_s)
        return True

    def poll(self, now_s: float) -> tuple[str, ...]:
        answer, self.answer = self.answer, ()
        return answer

    def close(self) -> None:
        self.is_closed = True


def noise(seed: int) -> Iterator[Luma]:
    rng = np.random.default_rng(seed)
    while True:
        yield rng.integers(0, 256, (240, 320), dtype=np.uint8)


def test_a_code_is_read_in_the_first_pass() -> None:
    reading = Decoder(second_opinion=NoSecondOpinion(), elapsed_s=Elapsed(0)).read(picture("H1:ABC"), 0)
    assert (reading.texts, reading.stage) == (("H1:ABC",), "first")


def test_two_codes_in_a_frame_are_both_read() -> None:
    sight = look(FIRST, picture("H1:ABC", "H1:DEF"))
    assert set(sight.texts) == {"H1:ABC", "H1:DEF"}


def test_a_code_in_dark_mode_is_read() -> None:
    assert look(FIRST, 255 - picture("H1:ABC")).texts == ("H1:ABC",)


def test_a_code_without_quiet_zone_at_the_edge_is_read_thanks_to_the_border() -> None:
    code = np.kron(draw_code("H1:" + "A" * 114)[4:-4, 4:-4], np.ones((4, 4), np.uint8))
    frame = np.full((480, 640), 255, np.uint8)
    frame[: code.shape[0], : code.shape[1]] = code
    assert look(FIRST, frame).texts == ("H1:" + "A" * 114,)


@pytest.mark.parametrize("how", RETRIES, ids=lambda how: how.name)
def test_every_retry_reads_a_plain_code(how: object) -> None:
    assert look(how, picture("H1:ABC", module_px=4)).texts == ("H1:ABC",)  # type: ignore[arg-type]


def test_noise_is_read_as_nothing() -> None:
    frames = noise(5)
    for _ in range(20):
        assert read_thoroughly(next(frames), lambda luma: ()) == ()


def test_a_code_in_the_dark_that_the_first_pass_misses_is_read_by_a_retry() -> None:
    bright = picture("H1:" + "A" * 114, module_px=4)
    grain = np.random.default_rng(1).normal(0, 9, bright.shape)
    dark = np.clip(40 + bright * 0.1 + grain, 0, 255).astype(np.uint8)
    assert look(FIRST, dark).texts == ()
    assert read_thoroughly(dark, lambda luma: ()) == ("H1:" + "A" * 114,)


def test_what_no_pass_reads_goes_to_the_second_opinion() -> None:
    assert read_thoroughly(EMPTY, lambda luma: ("from zbar",)) == ("from zbar",)


def test_an_unreadable_code_is_noticed_with_its_size() -> None:
    frame = picture("H1:" + "A" * 114, module_px=5)
    data = frame[60 + 14 * 5 : 60 + 36 * 5, 20 + 14 * 5 : 20 + 36 * 5]
    data[:] = 255 - data  # the corners are there, the data is wrong
    sight = look(FIRST, frame, with_unreadable=True)
    assert sight.texts == ()
    assert sight.unreadable_share is not None
    assert 0.3 < sight.unreadable_share < 0.5


@pytest.mark.parametrize(
    ("text", "is_worth"),
    [("", False), ("a", True), ("a" * 512, True), ("a" * 513, False), ("é" * 300, False)],
)
def test_a_text_longer_than_any_of_ours_is_dropped(text: str, is_worth: bool) -> None:
    assert is_worth_reading(text) is is_worth


def test_while_nothing_moves_every_eighth_frame_is_read() -> None:
    decoder = Decoder(second_opinion=NoSecondOpinion(), elapsed_s=Elapsed(0))
    for _ in range(60):
        decoder.read(EMPTY, 0)
    code = picture("H1:ABC")
    still = [bool(decoder.read(code, 0).texts) for _ in range(120)]
    assert still[0], "something came: it is read at once"
    assert sum(still[40:]) == 80 // IDLE_EVERY


def test_the_gate_wakes_up_for_a_hand_and_not_for_grain() -> None:
    gate = IdleGate()
    rng = np.random.default_rng(3)
    for _ in range(60):
        grain = rng.normal(0, 3, EMPTY.shape)
        is_idle = gate.is_idle(np.clip(EMPTY + grain, 0, 255).astype(np.uint8))
    assert is_idle
    hand = EMPTY.copy()
    hand[100:160, 100:160] = 60
    assert not gate.is_idle(hand)


def test_with_time_all_retries_run_and_without_they_take_turns() -> None:
    frames = noise(1)
    quick = Elapsed(0)
    Decoder(second_opinion=NoSecondOpinion(), elapsed_s=quick).read(next(frames), 0)
    slow = Elapsed(0.05)
    decoder = Decoder(second_opinion=NoSecondOpinion(), elapsed_s=slow)
    turns = []
    for _ in range(len(RETRIES)):
        decoder.read(next(frames), 0)
        turns.append(decoder._next_retry)
    assert turns == list(range(1, len(RETRIES) + 1))


def test_every_fourth_miss_asks_for_a_second_opinion() -> None:
    friend = Friend()
    decoder = Decoder(second_opinion=friend, elapsed_s=Elapsed(0))
    frames = noise(2)
    for number in range(9):
        decoder.read(next(frames), float(number))
    assert friend.asked == [3.0, 7.0]
    friend.answer = ("H1:LATE",)
    reading = decoder.read(next(frames), 9.0)
    assert (reading.texts, reading.stage) == (("H1:LATE",), "second")
    decoder.close()
    assert friend.is_closed


def test_a_code_that_only_a_retry_reads_ends_the_row_of_misses() -> None:
    bright = picture("H1:" + "A" * 114, module_px=4)
    grain = np.random.default_rng(1).normal(0, 9, bright.shape)
    dark = np.clip(40 + bright * 0.1 + grain, 0, 255).astype(np.uint8)
    friend = Friend()
    decoder = Decoder(second_opinion=friend, elapsed_s=Elapsed(0))
    frames = noise(6)
    for _ in range(3):
        decoder.read(next(frames), 0)
    reading = decoder.read(dark, 0)
    assert (reading.texts, reading.stage) == (("H1:" + "A" * 114,), "soft")
    for _ in range(3):
        decoder.read(next(frames), 0)
    assert friend.asked == []


def test_the_second_opinion_is_shown_the_frame_in_different_ways() -> None:
    shown: list[Luma] = []

    class Watcher(Friend):
        def submit(self, luma: Luma, now_s: float) -> bool:
            shown.append(luma)
            return True

    decoder = Decoder(second_opinion=Watcher(), elapsed_s=Elapsed(0))
    frame = next(noise(8))
    for number in range(12):
        decoder.read(255 - frame if number % 2 else frame, 0)
    assert len({luma.tobytes() for luma in shown}) == len(shown) == 3


def test_a_micro_code_is_no_code_of_ours_and_nothing_is_guessed_from_a_corner() -> None:
    micro = zxingcpp.create_barcode("92", zxingcpp.BarcodeFormat.MicroQRCode).to_image(scale=1)
    modules = np.kron(np.pad(np.array(micro, np.uint8), 2, constant_values=255), np.ones((6, 6), np.uint8))
    frame = np.full((480, 640), 110, np.uint8)
    frame[60 : 60 + modules.shape[0], 40 : 40 + modules.shape[1]] = modules
    for how in (FIRST, *RETRIES):
        assert look(how, frame, with_unreadable=True).texts == ()


def test_with_less_effort_the_retries_go_first_and_then_the_second_opinion() -> None:
    counts = {}
    for effort in Effort:
        friend, elapsed = Friend(), Elapsed(0.0)
        decoder = Decoder(second_opinion=friend, elapsed_s=elapsed)
        decoder.effort = effort
        looks = 0

        def count(how: Pass, luma: Luma, *, with_unreadable: bool = False) -> Sight:
            nonlocal looks
            looks += 1
            return Sight(())

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("edge.hadir.reading.decode.look", count)
            for number, luma in enumerate(noise(7)):
                decoder.read(luma, float(number))
                if number == 7:
                    break
        counts[effort] = (looks, len(friend.asked))
    assert counts == {
        Effort.FIRST_LOOK: (8, 0),
        Effort.ONE_RETRY: (16, 0),
        Effort.FULL: (8 * (1 + len(RETRIES)), 2),
    }


def test_a_code_that_is_too_long_to_be_ours_is_told_apart_from_nothing() -> None:
    decoder = Decoder(second_opinion=Friend(), elapsed_s=Elapsed(0.0))
    long = picture("B" * 600, module_px=2)
    reading = decoder.read(long, 0.0)
    assert (reading.texts, reading.has_oversized) == ((), True)
    assert not decoder.read(picture("H1:" + "A" * 114), 1.0).has_oversized

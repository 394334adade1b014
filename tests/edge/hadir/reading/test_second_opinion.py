"""zbar in a process of its own: right, late, dead, hung."""

import io
import logging
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from edge.hadir.phones.drawing import draw_code
from edge.hadir.reading import zbar_process
from edge.hadir.reading.second_opinion import KILL_AFTER_S, MAX_AGE_S, NoSecondOpinion, ZbarSecondOpinion

CODE = np.kron(draw_code("H1:ABC"), np.full((4, 4), 1, np.uint8))


@contextmanager
def running(*command: str) -> Iterator[ZbarSecondOpinion]:
    zbar = ZbarSecondOpinion(command) if command else ZbarSecondOpinion()
    try:
        yield zbar
    finally:
        zbar.close()


def wait_until(is_done: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 240
    while not is_done():
        assert time.monotonic() < deadline_s, "nothing happened for 30 s"
        time.sleep(0.01)


def answer_of(zbar: ZbarSecondOpinion, now_s: float = 0.0) -> tuple[str, ...]:
    asker = zbar._asker
    assert asker is not None
    wait_until(lambda: not asker.is_alive())
    return zbar.poll(now_s)


def test_a_code_is_read_by_the_child_process() -> None:
    with running() as zbar:
        assert zbar.submit(CODE, 0)
        assert answer_of(zbar) == ("H1:ABC",)
        assert zbar.poll(0) == (), "an answer is given once"
        assert zbar.submit(np.zeros((60, 80), np.uint8), 1)
        assert answer_of(zbar, 1) == ()


def test_a_second_frame_has_to_wait_for_the_first() -> None:
    with running(sys.executable, "-c", "import time; time.sleep(60)") as zbar:
        assert zbar.submit(CODE, 0)
        assert not zbar.submit(CODE, 0.1)
        assert zbar.poll(0.1) == ()


def test_an_answer_that_is_too_old_is_dropped() -> None:
    with running() as zbar:
        zbar.submit(CODE, 0)
        assert answer_of(zbar, MAX_AGE_S + 0.01) == ()


def test_a_child_that_hangs_is_killed_and_the_next_frame_is_read(caplog: pytest.LogCaptureFixture) -> None:
    with running(sys.executable, "-c", "import time; time.sleep(60)") as zbar:
        zbar.submit(CODE, 0)
        with caplog.at_level(logging.WARNING):
            assert zbar.poll(KILL_AFTER_S + 0.1) == ()
        assert "started anew" in caplog.text
        zbar._command = ZbarSecondOpinion()._command
        assert zbar.submit(CODE, 3)
        assert answer_of(zbar, 3) == ("H1:ABC",)


def test_a_child_that_crashes_is_replaced() -> None:
    with running() as zbar:
        zbar.submit(CODE, 0)
        answer_of(zbar)
        assert zbar._process is not None
        zbar._process.kill()
        zbar._process.wait()
        assert zbar.submit(CODE, 1)
        assert answer_of(zbar, 1) == ("H1:ABC",)


@pytest.mark.parametrize("program", ["", "import sys; sys.stdout.write('x')"])
def test_a_child_that_answers_rubbish_or_nothing_is_no_harm(program: str) -> None:
    with running(sys.executable, "-c", program) as zbar:
        zbar.submit(CODE, 0)
        assert answer_of(zbar) == ()


def test_a_program_that_is_not_there_is_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    with running("/nowhere/zbar") as zbar:
        assert not zbar.submit(CODE, 0)
    assert "zbar cannot be started" in caplog.text


def test_closing_twice_is_allowed() -> None:
    zbar = ZbarSecondOpinion()
    zbar.submit(CODE, 0)
    zbar.close()
    zbar.close()


def test_no_second_opinion_takes_and_says_nothing() -> None:
    nobody = NoSecondOpinion()
    assert not nobody.submit(CODE, 0)
    assert nobody.poll(0) == ()
    nobody.close()


def test_a_question_that_a_dead_child_never_took_is_dropped_on_closing() -> None:
    large = np.zeros((1_000, 1_000), np.uint8)  # more than a pipe holds
    with running(sys.executable, "-c", "import sys; sys.stdin.close()") as zbar:
        zbar.submit(large, 0)
        assert answer_of(zbar) == ()


# --- the child's own code ---------------------------------------------------------------------------


def test_the_child_answers_frame_after_frame() -> None:
    height, width = CODE.shape
    frame = zbar_process.FRAME_HEAD.pack(width, height) + CODE.tobytes()
    sink = io.BytesIO()
    zbar_process.serve(io.BytesIO(frame * 2), sink)
    answer = zbar_process.ANSWER_HEAD.pack(1) + zbar_process.ANSWER_HEAD.pack(6) + b"H1:ABC"
    assert sink.getvalue() == answer * 2


def test_a_text_above_512_bytes_is_dropped() -> None:
    long = np.kron(draw_code("A" * 513), np.full((3, 3), 1, np.uint8))
    assert zbar_process.read_texts(long.tobytes(), long.shape[1], long.shape[0]) == []


def test_other_symbols_than_qr_are_not_read() -> None:
    import zxingcpp

    code = zxingcpp.create_barcode("12345678", zxingcpp.BarcodeFormat.Code128)
    bars = np.array(code.to_image(scale=3), dtype=np.uint8)
    assert zbar_process.read_texts(bars.tobytes(), bars.shape[1], bars.shape[0]) == []


def test_the_child_can_neither_write_files_nor_open_many() -> None:
    program = (
        "import resource; from edge.hadir.reading.zbar_process import limit_rights; limit_rights();"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE), resource.getrlimit(resource.RLIMIT_CORE),"
        "resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    # A child that may not write files cannot write down what it covered either.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True, env=clean
    )
    assert done.stdout.strip() == "(0, 0) (0, 0) 8"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0, "only the child is limited"


def test_every_limit_is_set_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    zbar_process.limit_rights()
    assert limits[resource.RLIMIT_AS][0] <= 512 * 2**20
    assert all(soft == hard for soft, hard in limits.values()), "the child could raise it again"

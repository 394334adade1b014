"""Programs that live and end together, as real processes."""

import os
import signal
import sys
import threading

from hub import children
from hub.children import run_together


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"


def test_when_one_ends_the_others_do() -> None:
    assert run_together({"a": python("import time; time.sleep(60)"), "b": python("pass")}) == "b"


def test_a_signal_ends_all_and_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    assert run_together({"a": python("import time; time.sleep(60)")}) is None
    timer.join()
    assert signal.getsignal(signal.SIGTERM) is before


def test_who_does_not_listen_is_killed(monkeypatch: object) -> None:
    monkeypatch.setattr(children, "_END_WITHIN_S", 1.0)  # type: ignore[attr-defined]
    assert run_together({"deaf": python(DEAF), "b": python("import time; time.sleep(1)")}) == "b"

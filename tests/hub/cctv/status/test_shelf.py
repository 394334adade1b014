"""The cache of the list: one look for many, a version that moves only when something shown moves."""

import gzip
import threading
from dataclasses import replace

from hub.cctv.rules import CameraState, Verdict
from hub.cctv.status.listing import Row
from hub.cctv.status.shelf import COLLECT_EVERY_S, MAX_PAGES, StatusShelf

ROW = Row(
    device="pi-1",
    camera="c1",
    name="Utara",
    site="Tugu",
    site_id="tugu",
    kelurahan="Siantan",
    district="Pontianak Utara",
    owner="Dishub",
    kind="fixed",
    medium="fibre",
    verdict=Verdict(CameraState.LIVE),
)


class Source:
    """Rows that the test changes, and how often they were read."""

    def __init__(self) -> None:
        self.rows = (ROW,)
        self.reads = 0
        self.now_s = 0.0

    def __call__(self) -> tuple[Row, ...]:
        self.reads += 1
        return self.rows


def shelf_of(source: Source) -> StatusShelf:
    return StatusShelf(collect=source, monotonic_s=lambda: source.now_s, every_s=0.4)


def test_many_askers_are_one_read() -> None:
    source = Source()
    shelf = shelf_of(source)
    assert {shelf.look().version for _ in range(100)} == {shelf.look().version}
    assert source.reads == 1
    source.now_s = 0.5
    shelf.look()
    assert source.reads == 2


def test_rows_are_read_only_when_their_trace_changed_or_time_passed() -> None:
    source = Source()
    trace = [1]
    shelf = StatusShelf(
        collect=source, trace=lambda: tuple(trace), monotonic_s=lambda: source.now_s, every_s=0.4
    )
    shelf.look()
    source.now_s = 0.5
    shelf.look()
    assert source.reads == 1
    trace.append(2)
    source.now_s = 1.0
    shelf.look()
    assert source.reads == 2
    source.now_s = 1.0 + COLLECT_EVERY_S
    shelf.look()
    assert source.reads == 3


def test_the_version_moves_only_with_what_is_shown() -> None:
    source = Source()
    shelf = shelf_of(source)
    first = shelf.look()
    source.now_s = 1.0
    assert shelf.look() is first
    source.rows = (replace(ROW, verdict=Verdict(CameraState.OFFLINE)),)
    source.now_s = 2.0
    assert shelf.look().version != first.version


def test_a_page_is_made_once_a_version_and_packed() -> None:
    source = Source()
    shelf = shelf_of(source)
    made: list[int] = []

    def render() -> str:
        made.append(1)
        return "<p>daring</p>" * 200

    look = shelf.look()
    pages = {id(shelf.page("anna", look, render)) for _ in range(5)}
    assert (len(pages), len(made)) == (1, 1)
    page = shelf.page("anna", look, render)
    assert gzip.decompress(page.packed) == page.plain
    assert len(page.packed) < len(page.plain) / 5
    shelf.page("budi", look, render)
    assert len(made) == 2
    source.rows, source.now_s = (), 1.0
    shelf.page("anna", shelf.look(), render)
    assert len(made) == 3


def test_a_page_of_a_look_that_is_past_is_not_kept_and_few_are() -> None:
    source = Source()
    shelf = shelf_of(source)
    old = shelf.look()
    source.rows, source.now_s = (), 1.0
    new = shelf.look()
    made: list[int] = []
    for _ in range(2):
        shelf.page("anna", old, lambda: made.append(1) or "x")  # type: ignore[func-returns-value]  # None is false
    assert len(made) == 2
    for number in range(MAX_PAGES + 10):
        shelf.page(number, new, lambda: "x")
    assert len(shelf._pages) == MAX_PAGES


def test_while_one_looks_the_others_have_the_last_look() -> None:
    source = Source()
    shelf = shelf_of(source)
    first = shelf.look()
    is_reading, may_go = threading.Event(), threading.Event()

    def slow() -> tuple[Row, ...]:
        is_reading.set()
        may_go.wait(240)
        return ()

    shelf._collect = slow
    source.now_s = 1.0
    thread = threading.Thread(target=shelf.look)
    thread.start()
    assert is_reading.wait(240)
    assert shelf.look() is first
    may_go.set()
    thread.join(240)
    assert shelf.look().rows == ()

"""What the pictures of a camera are like: over thinned frames, views and restarts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from edge.cameras.drawn.settings import Weather
from edge.cameras.pictures.condition import KEEP_FIRST_S, KEEP_LAST_S, PictureCondition
from edge.cameras.pictures.kept_looks import KeptLooks
from edge.cameras.port import Frame
from edge.wire.records.bodies import PictureState as State
from tests.edge.vision.health.pictures import Film, changed, covered, first, street, turned


class CountingLooks(KeptLooks):
    """Counts how often the disk is written."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.saved = 0

    def save(self, content: bytes) -> None:
        self.saved += 1
        super().save(content)


def frames(film: Film, seconds: float, *, from_s: float = 0.0, is_damaged: bool = False) -> Iterator[Frame]:
    for number, shot in enumerate(first(film, seconds)):
        yield Frame(shot.luma, from_s + shot.pts_s, number, is_key=number % 20 == 0, is_damaged=is_damaged)


def last_of(condition: PictureCondition, shown: Iterator[Frame], *, view: str = "") -> State | None:
    state = None
    for frame in shown:
        condition.note(frame)
        state = condition.see(frame, view=view, rate_hz=1.0)
    return state


def test_a_camera_that_is_covered_when_its_worker_starts_is_found(tmp_path: Path) -> None:
    kept = KeptLooks(tmp_path / "gate.looks")
    before = PictureCondition(kept)
    assert last_of(before, frames(street(Weather.CLEAR, 2), KEEP_FIRST_S + 5)) is State.GOOD
    again = PictureCondition(kept)
    assert last_of(again, frames(changed(street(Weather.CLEAR, 2), covered), 15)) is State.COVERED


def test_the_disk_is_written_soon_and_then_rarely_and_not_by_each_restart(tmp_path: Path) -> None:
    kept = CountingLooks(tmp_path / "gate.looks")
    condition = PictureCondition(kept)
    last_of(condition, frames(street(Weather.CLEAR, 2), KEEP_FIRST_S - 1))
    condition.close()
    assert kept.saved == 0
    last_of(condition, frames(street(Weather.CLEAR, 2), KEEP_FIRST_S + 60))
    condition.close()
    assert kept.saved == 1
    for _ in range(3):
        again = PictureCondition(kept)
        last_of(again, frames(street(Weather.CLEAR, 2), KEEP_FIRST_S + 5))
        again.close()
    assert kept.saved == 1
    # A picture every four seconds, so that half an hour is short.
    shown = next(frames(street(Weather.CLEAR, 2), 1))
    for number in range(round(KEEP_LAST_S / 4) + 1):
        again.see(replace(shown, pts_s=number * 4.0), view="", rate_hz=0.25)
    again.close()
    assert kept.saved == 2


def test_an_accepted_picture_is_good_and_soon_kept(tmp_path: Path) -> None:
    kept = CountingLooks(tmp_path / "gate.looks")
    condition = PictureCondition(kept)
    last_of(condition, frames(street(Weather.CLEAR, 2), KEEP_FIRST_S + 5))

    def other() -> Film:
        return changed(street(Weather.CLEAR, 2), turned)

    assert last_of(condition, frames(other(), 30, from_s=100)) is State.MOVED
    condition.accept("")
    assert last_of(condition, frames(other(), KEEP_FIRST_S + 5, from_s=500)) is State.GOOD
    assert kept.saved == 3
    assert last_of(PictureCondition(kept), frames(other(), 30)) is State.GOOD


def test_each_view_is_compared_with_itself() -> None:
    condition = PictureCondition()
    for turn in range(4):
        view, seed = (("gate", 2), ("bridge", 3))[turn % 2]
        shown = frames(street(Weather.CLEAR, seed), 20, from_s=turn * 20.0)
        assert last_of(condition, shown, view=view) is State.GOOD
    assert last_of(condition, frames(street(Weather.CLEAR, 3), 25, from_s=100), view="gate") is State.MOVED


def test_damage_in_frames_that_were_not_looked_at_counts() -> None:
    condition = PictureCondition()
    state = State.GOOD
    for frame in frames(street(Weather.CLEAR, 2, fps=2), 20, is_damaged=True):
        condition.note(frame)
        if frame.seq % 2 == 0:
            clean = Frame(frame.luma, frame.pts_s, frame.seq, is_key=False)
            state = condition.see(clean, view="", rate_hz=1.0)
    assert state is State.SMEARED


def test_after_the_stream_changed_the_place_is_still_known() -> None:
    condition = PictureCondition()
    last_of(condition, frames(street(Weather.CLEAR, 2), 40))
    condition.begin_afresh()
    shown = frames(changed(street(Weather.CLEAR, 2), turned), 25, from_s=50)
    assert last_of(condition, shown) is State.MOVED

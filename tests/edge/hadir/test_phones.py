"""Simulated people before a simulated camera."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from edge.cameras.port import CameraError
from edge.hadir.phones.camera import PhonesCamera, parse_door_scene
from edge.hadir.phones.drawing import FOCAL_PX, Hall, draw_code, draw_phone
from edge.hadir.phones.presenting import Light, Presentation, draw_presentation
from edge.hadir.reading.passes import FIRST, look
from edge.wire.hadir.codes import PhoneCode, read_code
from edge.wire.hadir.phones import new_phone, save_phones
from edge.wire.records.bodies import CameraFault

NOW_S = 1_795_216_449.0


class FakeTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s = 0.0

    def mono_s(self) -> float:
        return self.now_s

    def wall_s(self) -> float:
        return NOW_S + self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        self.slept_s += seconds


@pytest.fixture
def phones_file(tmp_path: Path) -> Path:
    path = tmp_path / "phones.json"
    save_phones(path, tuple(new_phone(person, is_p256=person % 2 == 0) for person in range(1, 7)))
    return path


def camera_of(path: Path, options: str = "", time: FakeTime | None = None) -> PhonesCamera:
    time = time or FakeTime()
    scene = parse_door_scene(f"scene:door?phones={path}{options}")
    return PhonesCamera(scene, fps=15, wall_s=time.wall_s, mono_s=time.mono_s, sleep=time.sleep)


def still(light: Light = Light.NORMAL) -> Presentation:
    return Presentation(0.5, 1.5, 200, 1, 0.1, (0.1, -0.1), (0, 0), (4, 5), (0.2, 0.2), (0, 1), 0.008, light)


def test_people_show_genuine_codes_of_now(phones_file: Path) -> None:
    time = FakeTime()
    camera = camera_of(phones_file, "&per_minute=40&seed=3", time)
    camera.open()
    persons = set()
    for frame in itertools.islice(camera.frames(), 300):
        for text in look(FIRST, frame.luma).texts:
            code = read_code(text)
            assert isinstance(code, PhoneCode)
            assert abs(code.issued_at_s - time.wall_s()) <= 6
            persons.add(code.person)
    assert len(persons) >= 3
    assert time.slept_s == pytest.approx(299 / 15)


def test_the_same_seed_draws_the_same_people_in_the_same_order(phones_file: Path) -> None:
    def people(seed: int) -> set[tuple[int, Presentation]]:
        camera = camera_of(phones_file, f"&pace=max&seed={seed}&per_minute=40")
        camera.open()
        visits = (camera._visit for _ in itertools.islice(camera.frames(), 120))
        return {(visit.phone.person, visit.how) for visit in visits if visit}

    assert len(people(4)) >= 2
    assert people(4) == people(4)
    assert people(4) != people(5)


def test_everybody_comes_before_anybody_comes_again(phones_file: Path) -> None:
    camera = camera_of(phones_file, "&pace=max")
    camera.open()
    order = [camera._next_phone().person for _ in range(12)]
    assert set(order[:6]) == set(order[6:]) == set(range(1, 7))


def test_a_long_visit_redraws_its_code(phones_file: Path) -> None:
    time = FakeTime()
    camera = camera_of(phones_file, "&per_minute=60", time)
    camera.open()
    texts = set()
    for frame in itertools.islice(camera.frames(), 60):
        texts |= set(look(FIRST, frame.luma).texts)
        time.now_s += 1  # five frames of a visit last five seconds of the phone's clock
    assert len(texts) > 3


def test_the_picture_is_the_newest_frame_in_grey(phones_file: Path) -> None:
    camera = camera_of(phones_file, "&pace=max")
    camera.open()
    with pytest.raises(CameraError, match="drawn nothing yet"):
        camera.picture()
    frame = next(camera.frames())
    assert (camera.picture()[:, :, 1] == frame.luma).all()
    camera.close()
    camera.close()


def test_a_camera_that_is_not_open_gives_no_frames(phones_file: Path) -> None:
    with pytest.raises(CameraError, match="not open"):
        next(camera_of(phones_file).frames())


def test_a_closed_camera_ends(phones_file: Path) -> None:
    camera = camera_of(phones_file, "&pace=max")
    camera.open()
    frames = camera.frames()
    next(frames)
    camera.close()
    assert list(frames) == []


def test_a_missing_file_of_phones_is_a_fault_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match=r"phones\.json") as refused:
        camera_of(tmp_path / "phones.json").open()
    assert refused.value.fault is CameraFault.NOT_FOUND


@pytest.mark.parametrize(
    "options",
    [
        "",
        "?seed=1",
        "?phones=a&per_minute=0",
        "?phones=a&per_minute=61",
        "?phones=a&colour=red",
        "?phones=a&seed=x",
    ],
)
def test_wrong_options_are_named(options: str) -> None:
    with pytest.raises(CameraError, match="scene:door"):
        parse_door_scene(f"scene:door{options}")


@pytest.mark.parametrize("light", Light)
def test_a_code_held_still_is_read_in_any_light(light: Light) -> None:
    hall = Hall(np.random.default_rng(1))
    face, side_px = draw_phone("H1:" + "B" * 114)
    read = [
        look(FIRST, hall.with_phone(face, side_px, still(light), 0.8 + step / 15)).texts for step in range(8)
    ]
    assert ("H1:" + "B" * 114,) in read


def test_an_empty_hall_holds_no_code() -> None:
    hall = Hall(np.random.default_rng(1))
    assert hall.empty().shape == (480, 640)
    assert look(FIRST, hall.empty()).texts == ()


def test_a_phone_out_of_view_leaves_the_hall_empty() -> None:
    hall = Hall(np.random.default_rng(1))
    face, side_px = draw_phone("H1:" + "B" * 114)
    assert look(FIRST, hall.with_phone(face, side_px, still(), 0.0)).texts == ()


def test_an_h1_code_has_37_modules() -> None:
    assert draw_code("H1:" + "B" * 114).shape == (45, 45)


def test_people_differ_and_stay_within_what_hands_do() -> None:
    rng = np.random.default_rng(7)
    people = [draw_presentation(rng) for _ in range(300)]
    assert {person.light for person in people} == set(Light)
    assert all(110 <= person.distance_mm <= 380 for person in people)
    assert all(0.5 <= person.hold_s <= 3 for person in people)
    assert all(person.ends_s == pytest.approx(person.approach_s + person.hold_s + 0.35) for person in people)
    assert len({round(person.distance_mm, 3) for person in people}) > 100


def test_a_hand_that_arrives_blurs_more_than_one_that_holds() -> None:
    person = still()
    arriving, holding = (np.hypot(*person.streak_px(at_s, FOCAL_PX)) for at_s in (0.1, 1.2))
    assert arriving > 3 * holding
    assert person.is_held(1.0)
    assert not person.is_held(0.1)
    assert person.blur_radius_px(FOCAL_PX) == pytest.approx(0.4, abs=0.1)

"""References by view and light, and their way over a restart."""

import logging
import os
import zlib

import msgspec
import numpy as np
import pytest

from edge.cameras.drawn.settings import Weather
from edge.vision.health.look import Look
from edge.vision.health.reference import FIRST_LOOKS
from edge.vision.health.references import LEAST_LOOKS_KEPT, MOST_REFERENCES, References
from tests.edge.vision.health.pictures import Luma, gained, noisy, seen, street


def taught(view: str = "", looks: int = LEAST_LOOKS_KEPT, *, shade: int = 120) -> References:
    references = References()
    teach(references, view, looks, shade=shade)
    return references


def teach(references: References, view: str, looks: int, *, shade: int = 120) -> Look:
    for number in range(looks):
        look = look_of(shade, number)
        references.see_light(look)
        references.learn(view, look)
    return look


def look_of(shade: int, number: int = 0) -> Look:
    return Look.of(noisy(np.full((90, 160), shade, np.uint8), number, 3))


def test_a_reference_is_used_when_it_was_seen_often_enough() -> None:
    references = References()
    look = teach(references, "", FIRST_LOOKS - 1)
    assert references.own("", look) is None
    teach(references, "", 1)
    assert references.own("", look) is not None
    assert references.own("another view", look) is None
    assert references.own("", Look.of(np.zeros((80, 160), np.uint8))) is None


def test_day_and_night_have_their_own_and_dusk_does_not_go_to_and_fro() -> None:
    references = References()
    lights = []
    for shade in (120, 64, 56, 50, 56, 64, 72, 64):
        references.see_light(look_of(shade))
        lights.append(references.is_night)
    assert lights == [False, False, False, True, True, True, False, False]


def test_each_light_can_be_had_as_the_other_one() -> None:
    references = taught(shade=120)
    night = look_of(20)
    references.see_light(night)
    assert references.own("", night) is None
    assert references.other("", night) is not None


def test_a_view_that_is_forgotten_leaves_the_others() -> None:
    references = taught("a")
    look = teach(references, "b", LEAST_LOOKS_KEPT)
    references.forget("a")
    assert references.own("a", look) is None
    assert references.own("b", look) is not None


def test_what_was_kept_is_the_same_after_a_restart() -> None:
    references = References()
    pictures: list[Luma] = seen(street(Weather.CLEAR, 2), LEAST_LOOKS_KEPT + 1)
    for luma in pictures:
        look = Look.of(luma)
        references.see_light(look)
        references.learn("gate", look)
    again = References(references.to_bytes())
    again.see_light(look)
    before, after = references.own("gate", look), again.own("gate", look)
    assert before is not None
    assert after is not None
    assert after.looks == before.looks
    assert np.array_equal(after.trusted, before.trusted)
    assert after.compare(look).fit == pytest.approx(before.compare(look).fit, abs=0.05)
    assert again.to_bytes() == references.to_bytes()


def test_what_was_seen_for_moments_is_not_kept() -> None:
    assert References().to_bytes() == b""
    assert taught(looks=LEAST_LOOKS_KEPT - 1).to_bytes() == b""


def test_the_number_of_references_is_bounded_and_the_unused_one_goes() -> None:
    references = References()
    for number in range(MOST_REFERENCES + 5):
        teach(references, f"view-{number}", FIRST_LOOKS)
        teach(references, "view-0", 2)
    assert references.own("view-1", look_of(120)) is None
    assert references.own(f"view-{MOST_REFERENCES}", look_of(120)) is not None
    content = references.to_bytes()
    assert 0 < len(content) < 100_000
    look = look_of(120)
    again = References(content)
    again.see_light(look)
    assert again.own("view-0", look) is not None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda content: b"\0" * 4,
        lambda content: os.urandom(300),
        lambda content: b"x" * 5_000_000,
        lambda content: sealed(msgspec.msgpack.encode({"type": "pontive-looks-9", "kept": []})),
        lambda content: sealed(content[4:].replace(b"looks", b"lookz")),
        lambda content: sealed(without_pixels(content[4:])),
    ],
    ids=["cut", "bit", "zeros", "noise", "endless", "another format", "another key", "too few pixels"],
)
def test_a_damaged_memory_is_left_out_and_said(damage: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    content = damage(taught().to_bytes())  # type: ignore[operator]  # a function, see above
    references = References(content)
    assert "not used" in caplog.text
    assert references.to_bytes() == b""


def sealed(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "big") + content


def without_pixels(content: bytes) -> bytes:
    shelf = msgspec.msgpack.decode(content)
    shelf["kept"][0]["mean"] = b"few"
    return msgspec.msgpack.encode(shelf)


def test_dimming_changes_no_sharpness_and_no_place() -> None:
    references = References()
    pictures = seen(street(Weather.CLEAR, 2), 40)
    for luma in pictures:
        look = Look.of(luma)
        references.see_light(look)
        references.learn("", look)
    reference = references.own("", look)
    assert reference is not None
    like = reference.compare(Look.of(gained(pictures[-1], 0.3)))
    assert like.is_judged
    assert like.fit > 0.9
    assert like.sharpest > 0.85
    assert like.shift_px == 0

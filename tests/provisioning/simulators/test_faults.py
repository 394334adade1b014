"""What a simulated camera shows, says and sends while something is wrong with it."""

import random

import pytest

from provisioning.simulators.faults import Fault, film_with, garbage, told_of
from provisioning.simulators.film import Film, street_film
from provisioning.simulators.rtsp_protocol import description_of


@pytest.fixture(scope="module")
def film() -> Film:
    return street_film(width=160, height=96, fps=10, seconds=1)


def test_garbage_is_framed_so_that_a_reader_can_step_over_it() -> None:
    packets, at, count = garbage(random.Random(3)), 0, 0
    while at < len(packets):
        assert packets[at : at + 1] == b"$"
        at += 4 + int.from_bytes(packets[at + 2 : at + 4], "big")
        count += 1
    assert (at, count) == (len(packets), 4)


def test_only_a_liar_describes_another_stream(film: Film) -> None:
    assert told_of(film, Fault.NONE) == description_of(film)
    lie = told_of(film, Fault.WRONG_DESCRIPTION)
    assert "sprop-parameter-sets=AAAA,////" in lie
    assert "a=framerate:999999" in lie


def test_the_other_codec_is_another_one(film: Film) -> None:
    other = film_with(Fault.OTHER_CODEC, film)
    assert other.units[0].is_key
    # An MPEG-4 picture begins with a start code, which no H.264 unit does.
    assert other.units[0].nals[0].startswith(b"\x00\x00\x01")
    assert not film.units[0].nals[0].startswith(b"\x00\x00\x01")
    assert film_with(Fault.GARBAGE, film) is film

"""What can be wrong with a simulated camera, and what it then shows, says and sends."""

import random
import re
from enum import StrEnum
from fractions import Fraction

import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from provisioning.simulators.film import Film, Unit, drawn_pictures, film_of, street_film
from provisioning.simulators.rtsp_protocol import description_of

_GARBAGE_PACKETS, _MOST_GARBAGE_BYTES = 4, 1500


class Fault(StrEnum):
    """What can be wrong with the camera."""

    NONE = "none"
    FREEZE = "freeze"  # the same picture again and again
    BLACK = "black"  # the stream runs, the picture is black
    RESIZE = "resize"  # the picture changes its size
    SILENCE = "silence"  # nothing more comes, the connection stays
    DROP = "drop"  # the connection is closed
    DRIBBLE = "dribble"  # a byte now and then
    GARBLE = "garble"  # damaged pictures between the key frames
    CLOCK_JUMP = "clock-jump"  # the camera's clock is set back an hour
    NO_KEY_FRAMES = "no-key-frames"  # from the beginning
    NOISE = "noise"  # from the beginning: promises H.264 and sends random bytes
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - the name of a fault: no password is right
    OTHER_CODEC = "other-codec"  # goes on with pictures of another codec than it said
    GARBAGE = "garbage"  # packets of random bytes, of all lengths and channels
    WRONG_DESCRIPTION = "wrong-description"  # from the beginning: describes another stream than it sends
    MUTE = "mute"  # accepts connections and says nothing at all


# These are so from the first moment; the others begin after a while.
FROM_THE_BEGINNING = {
    Fault.NO_KEY_FRAMES,
    Fault.NOISE,
    Fault.WRONG_PASSWORD,
    Fault.WRONG_DESCRIPTION,
    Fault.MUTE,
}


def film_with(fault: Fault, film: Film) -> Film:
    """Return what is shown while ``fault`` lasts."""
    match fault:
        case Fault.BLACK:
            black = np.zeros((film.height, film.width, 3), np.uint8)
            return film_of([black], fps=film.fps)
        case Fault.RESIZE:
            return street_film(width=film.width // 4 * 2, height=film.height // 4 * 2, fps=film.fps)
        case Fault.OTHER_CODEC:
            return _mpeg4_of(film)
        case _:
            return film


def told_of(film: Film, fault: Fault) -> str:
    """Return how the session is described to a client."""
    told = description_of(film)
    if fault is Fault.WRONG_DESCRIPTION:
        # Parameters of nothing, and another size and rate than the pictures have.
        told = re.sub(r"sprop-parameter-sets=[^;\r]*", "sprop-parameter-sets=AAAA,////", told)
        told = told.replace(f"a=framerate:{film.fps}", "a=framerate:999999\r\na=x-dimensions:9999999,1")
    return told


def garbage(chance: random.Random) -> bytes:
    """Return framed packets of random bytes; some name channels that nobody set up."""
    packets = b""
    for _ in range(_GARBAGE_PACKETS):
        payload = chance.randbytes(chance.randrange(_MOST_GARBAGE_BYTES))
        packets += b"$" + bytes((chance.randrange(4),)) + len(payload).to_bytes(2, "big") + payload
    return packets


def _mpeg4_of(film: Film) -> Film:
    encoder = VideoCodecContext.create("mpeg4", "w")
    encoder.width, encoder.height, encoder.pix_fmt = film.width, film.height, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(film.fps), Fraction(1, film.fps)
    units = []
    for number, picture in enumerate(drawn_pictures(width=film.width, height=film.height, frames=film.fps)):
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        units += [Unit((bytes(packet),), packet.is_keyframe) for packet in encoder.encode(frame)]
    return Film(tuple(units), film.fps, film.width, film.height)

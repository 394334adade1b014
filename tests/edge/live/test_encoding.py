"""Pictures of sources without packets become a stream that plays."""

import numpy as np

from edge.live.encoding import PictureEncoder
from edge.live.fragmenting import Fragmenter
from edge.wire.live import LiveKind
from tests.edge.clips.film import decoded


def test_pictures_become_pieces_with_a_key_each_second() -> None:
    encoder = PictureEncoder(width_px=320, height_px=180, rate_hz=10)
    fragmenter = Fragmenter(encoder.shape, stream=1)
    pieces = []
    for number in range(31):
        picture = np.full((180, 320, 3), 8 * number, np.uint8)
        for packet in encoder.encode(picture, at_s=50 + number / 10):
            pieces += fragmenter.feed(packet)
    keys = [piece.number - 1 for piece in pieces if piece.kind is LiveKind.KEY]
    assert keys == [0, 10, 20]
    frames = decoded(b"".join(piece.data for piece in pieces))
    assert len(frames) == 30
    # What was put in is seen: the brightness of the last frame that came out.
    seen = frames[-1].to_ndarray(format="gray")
    assert abs(float(seen.mean()) - 8 * 29) < 6
    assert abs(float(frames[-1].time or 0) - 2.9) < 0.01

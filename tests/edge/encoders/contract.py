"""What every adapter of the coder's port does: run by the test file of each."""

from dataclasses import replace

from edge.encoders.judging import faults_of, mended
from edge.encoders.port import Coding, Encoder

SUB = Coding("H264", 640, 360, 25, 100)


class EncoderContract:
    """Subclasses give a fixture ``encoder`` that codes as ``SUB`` and knows the size 1280x720."""

    def test_it_says_how_it_codes_and_what_it_could(self, encoder: Encoder) -> None:
        assert encoder.coding() == SUB
        assert (1280, 720) in encoder.choices().sizes

    def test_it_codes_as_it_is_told(self, encoder: Encoder) -> None:
        wanted = replace(SUB, width_px=1280, height_px=720, fps=12, key_frame_every=12)
        encoder.code(wanted)
        assert encoder.coding() == wanted

    def test_what_is_wrong_is_put_right(self, encoder: Encoder) -> None:
        encoder.code(mended(encoder.coding(), encoder.choices()))
        assert faults_of(encoder.coding()) == ()

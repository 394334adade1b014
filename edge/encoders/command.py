"""``pontive-edge stream``: how the cameras code, and putting it right, for who stands at the device."""

import click

from edge.command_line import EXIT_FAILED
from edge.config import EdgeConfig
from edge.encoders.building import encoder_of
from edge.encoders.desk import told
from edge.encoders.judging import faults_of
from edge.encoders.port import EncoderError


def run_stream(config: EdgeConfig, *, is_mending: bool) -> int:
    """Print a line a camera; return the exit code."""
    code = 0
    for camera in config.cameras:
        try:
            encoder = encoder_of(camera)
            if encoder is None:
                click.echo(f"{camera.id}: no network camera")
                continue
            coding = told(encoder, is_mending=is_mending)
        except EncoderError as error:
            click.echo(f"{camera.id}: {error}")
            code = EXIT_FAILED
            continue
        faults = ", ".join(faults_of(coding))
        code = EXIT_FAILED if faults else code
        click.echo(
            f"{camera.id}: {coding.codec} {coding.width_px}x{coding.height_px}, {coding.fps:g} fps,"
            f" key frame every {coding.key_frame_s:.1f} s: {faults or 'as it should be'}"
        )
    return code

"""Answers the hub's questions about streams, in a thread: a camera may take seconds, frames never wait."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from edge.config import CameraSettings
from edge.encoders.building import encoder_of
from edge.encoders.judging import faults_of, mended
from edge.encoders.port import Coding, Encoder, EncoderError
from edge.wire.messages import MendStream, Reply, TellStream

Answer = Callable[[Reply], None]
StreamCommand = TellStream | MendStream


def told(encoder: Encoder | None, *, is_mending: bool) -> Coding:
    """Return how a camera codes, after putting right what is not.

    Raises:
        EncoderError: it does not say, does not obey, or says yes and stays as it was.
    """
    if encoder is None:
        raise EncoderError("this camera is no network camera; there is nothing to set")
    coding = encoder.coding()
    if not is_mending or not faults_of(coding):
        return coding
    encoder.code(mended(coding, encoder.choices()))
    coding = encoder.coding()
    left = ", ".join(faults_of(coding))
    if left:
        raise EncoderError(
            f"the camera says yes and stays as it was ({left}); set it in the camera's own page"
        )
    return coding


class StreamDesk:
    """The streams of a device's cameras."""

    def __init__(
        self,
        cameras: Mapping[str, CameraSettings],
        *,
        encoder: Callable[[CameraSettings], Encoder | None] = encoder_of,
    ) -> None:
        """Take the cameras by id; nothing is asked before somebody asks."""
        self._cameras = dict(cameras)
        self._encoder = encoder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="streams")

    def take(self, command: StreamCommand, answer: Answer) -> None:
        """Answer later, from another thread."""
        self._pool.submit(lambda: answer(self.reply(command)))

    def reply(self, command: StreamCommand) -> Reply:
        """Return the answer to a question or an order."""
        name = str(type(command).__struct_config__.tag)
        try:
            encoder = self._encoder(self._cameras[command.camera])
            coding = told(encoder, is_mending=isinstance(command, MendStream))
        except EncoderError as error:
            return Reply(command=name, is_done=False, detail=str(error)[:500])
        return Reply(
            command=name,
            is_done=True,
            values={
                "camera": command.camera,
                "codec": coding.codec,
                "width_px": float(coding.width_px),
                "height_px": float(coding.height_px),
                "fps": float(coding.fps),
                "key_frame_s": round(coding.key_frame_s, 2),
                "faults": " ".join(faults_of(coding)),
            },
        )

    def close(self) -> None:
        """End; a camera that is being asked is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

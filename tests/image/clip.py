"""The clip that the device's camera plays: a drawn street of a few seconds."""

from pathlib import Path

import av
from av.video.frame import VideoFrame

from provisioning.simulators.film import drawn_pictures

WIDTH_PX, HEIGHT_PX, FPS, SECONDS = 320, 192, 4, 10


def write_clip(path: Path) -> None:
    """Write it as MP4."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for picture in drawn_pictures(width=WIDTH_PX, height=HEIGHT_PX, frames=FPS * SECONDS):
            container.mux(stream.encode(VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())

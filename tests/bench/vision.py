"""``./pontive bench vision``: what seeing costs, beside plain decoding and beside Debian's motion.

On one core, the same file, rounds interleaved, minima taken: ratios hold on a loaded machine,
milliseconds do not. motion runs in real time, so it is measured by processor time a frame.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import cv2
from _video import frame_rate_hz

from edge.cameras.eyes import Eyes
from edge.cameras.sources.replay import Recording, ReplayCamera
from edge.cameras.telling.reporting import Sight
from edge.config import CameraSettings, Line

# A camera's process is warm after two minutes; from then on it must not grow.
GROWTH_S, GROWTH_FROM_S = 600.0, 120.0

MOTION_CONFIG = """
daemon off
netcam_url file://{video}
width {width}
height {height}
framerate {fps}
picture_output off
movie_output off
webcontrol_port 0
stream_port 0
log_level 1
log_file {folder}/motion.log
target_dir {folder}
"""


def read_ms(video: Path) -> tuple[float, int]:
    """Return (milliseconds of processor a frame, frames) of ``cv2.VideoCapture.read()`` to BGR."""
    # Opening counts on both sides.
    frames, began = 0, time.process_time()
    capture = cv2.VideoCapture(str(video), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    while capture.read()[0]:
        frames += 1
    spent = time.process_time() - began
    capture.release()
    return 1e3 * spent / max(1, frames), frames


def pipeline_ms(video: Path) -> float:
    """Return milliseconds of processor a frame of all that a camera's process does with every frame."""
    began = time.process_time()
    frames = sum(1 for _ in _seen(video, is_looped=False))
    return 1e3 * (time.process_time() - began) / max(1, frames)


def _seen(video: Path, *, is_looped: bool) -> Iterator[Sight]:
    """Yield what is seen in each frame: decoding, counting, measures, and the watch over the picture."""
    line = Line(id="line", points=((0.0, 0.6), (1.0, 0.6)))
    # So many frames a second that none is left out.
    eyes = Eyes(CameraSettings(id="bench", source=str(video), fps=60, lines=(line,)))
    camera = ReplayCamera(Recording(video, "max", is_looped=is_looped))
    camera.open()
    for frame in camera.frames():
        yield eyes.look(frame)
    eyes.finish()


def motion_ms(video: Path, seconds: float) -> float | None:
    """Return milliseconds of processor a frame of Debian's motion, start-up taken out; None = not installed.

    motion paces a file in real time and loops it; the difference of a long and a short run leaves
    the steady state.
    """
    if shutil.which("motion") is None:
        return None
    short_s = 4.0
    long_cpu, short_cpu = _motion_cpu_s(video, short_s + seconds), _motion_cpu_s(video, short_s)
    return 1e3 * (long_cpu - short_cpu) / (seconds * frame_rate_hz(video))


def _motion_cpu_s(video: Path, seconds: float) -> float:
    capture = cv2.VideoCapture(str(video))
    size = {
        "width": int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
        "height": int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
    }
    capture.release()
    with TemporaryDirectory() as folder:
        config = Path(folder) / "motion.conf"
        fps = round(frame_rate_hz(video))
        config.write_text(MOTION_CONFIG.format(video=video.resolve(), folder=folder, fps=fps, **size))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        motion = subprocess.Popen(
            ["motion", "-n", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            motion.wait(seconds)
            raise click.ClickException(f"motion ended by itself with code {motion.returncode}")
        except subprocess.TimeoutExpired:
            motion.terminate()
            motion.wait(10)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rss_mb_of_cameras(video: Path, cameras: int) -> float:
    """Return the memory (proportional set size) of so many processes that each see the file, in MB."""
    children = [
        subprocess.Popen(
            [sys.executable, __file__, str(video)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(cameras)
    ]
    try:
        return sum(_ready_mb(child) for child in children)
    finally:
        for child in children:
            child.communicate("done\n", timeout=30)


def _ready_mb(child: "subprocess.Popen[str]") -> float:
    assert child.stdout is not None
    child.stdout.readline()
    rollup = Path(f"/proc/{child.pid}/smaps_rollup").read_text()
    kilobytes = next(int(row.split()[1]) for row in rollup.splitlines() if row.startswith("Pss:"))
    return kilobytes / 1024


def growth_mb(video: Path) -> float:
    """Return by how many MB a camera's process grows between the 2nd and the 10th minute of video."""
    grown = subprocess.run(
        [sys.executable, __file__, str(video), "growth"], stdout=subprocess.PIPE, text=True, check=True
    )
    return float(grown.stdout)


def _growth_mb_here(video: Path) -> float:
    """See ten minutes of video as fast as can be, and return the growth from the 2nd minute on."""
    after_two_mb = 0.0
    for sight in _seen(video, is_looped=True):
        if not after_two_mb and sight.pts_s >= GROWTH_FROM_S:
            after_two_mb = _resident_mb()
        if sight.pts_s >= GROWTH_S:
            break
    return _resident_mb() - after_two_mb


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def measure(video: Path, rounds: int, motion_s: float) -> dict[str, Any]:
    """Measure everything, interleaved, on one core, and return the figures."""
    reads, pipelines, motions = [], [], []
    for _ in range(rounds):
        reads.append(read_ms(video)[0])
        pipelines.append(pipeline_ms(video))
        if (spent := motion_ms(video, motion_s)) is not None:
            motions.append(spent)
    best = min(pipelines)
    return {
        "ratio_to_read": round(best / min(reads), 3),
        "ratio_to_motion": round(best / min(motions), 3) if motions else None,
        "ms_per_frame": round(best, 3),
        "rss_mb_four_cameras": round(rss_mb_of_cameras(video, 4), 1),
        "growth_mb_ten_minutes": round(growth_mb(video), 1),
    }


@click.command()
@click.option("--video", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--rounds", default=4, show_default=True, help="Interleaved rounds; minima count.")
@click.option("--motion-seconds", default=12.0, show_default=True, help="Steady time of motion a round.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
def command(video: Path, rounds: int, motion_seconds: float, is_json: bool) -> None:
    """Measure the whole pipeline beside cv2.VideoCapture.read() and beside Debian's motion."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    figures = measure(video, rounds, motion_seconds)
    if is_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name}: {'motion is not installed' if value is None else value}")


if __name__ == "__main__":  # one camera of rss_mb_of_cameras
    sys.path[:0] = [str(Path(__file__).parents[2])]
    if sys.argv[2:] == ["growth"]:
        print(_growth_mb_here(Path(sys.argv[1])))
        sys.exit()
    pipeline_ms(Path(sys.argv[1]))
    print("ready", flush=True)
    sys.stdin.readline()

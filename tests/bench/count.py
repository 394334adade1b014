"""``./pontive bench count``: how well crossings are counted, on files and on drawn streets.

Given to the analysis: the line and the frames in their order, nothing else (scale automatic,
no empty reference, no look ahead but the warm-up that a live camera has too).
"""

import json
from pathlib import Path
from typing import Any

import click
from _crossings import read_lines, score, summary
from _video import frame_rate_hz, luma_frames

from edge.vision.analysis import Crossing, SceneAnalysis


def count_video(video: Path, truth: Path) -> dict[str, Any]:
    """Return the figures of one file."""
    lines = read_lines(_entry_of(video, truth))
    analysis = SceneAnalysis(
        lines=tuple(true.line for true in lines), masks=(), scale=0, frame_rate_hz=frame_rate_hz(video)
    )
    crossings: list[Crossing] = []
    for luma, pts_s in luma_frames(video):
        crossings += analysis.see(luma, pts_s).crossings
    crossings += analysis.finish().crossings
    return {"video": video.name, **summary([score(true, crossings) for true in lines])}


def _entry_of(video: Path, truth: Path) -> dict[str, Any]:
    content = json.loads(truth.read_text())
    entries = content.get("videos", [content])
    named = [entry for entry in entries if Path(entry.get("file", video.name)).name == video.name]
    if not named and len(entries) == 1:
        named = entries
    if not named:
        known = ", ".join(str(entry.get("file")) for entry in entries)
        raise click.ClickException(f"{truth} has no truth for {video.name}; it knows {known}")
    return dict(named[0])


@click.command()
@click.option("--video", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True)
@click.option("--truth", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def command(video: tuple[Path, ...], truth: Path | None, is_json: bool) -> None:
    """Count crossings and compare with the truth."""
    if not video or truth is None:
        raise click.UsageError("give --video FILE with --truth FILE")
    for path in video:
        figures = count_video(path, truth)
        click.echo(json.dumps(figures))

"""``./pontive bench count``: how well crossings are counted, on files and on drawn streets.

Given to the analysis: the line and the frames in their order, nothing else (scale automatic,
no empty reference, no look ahead but the warm-up that a live camera has too).
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from _crossings import LineScore, read_lines, score, summary
from _scenes import count_scene, drawn_scenes
from _video import frame_rate_hz, luma_frames

from edge.cameras.drawn.settings import Weather
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
@click.option("--scenes", "is_drawn", is_flag=True, help="Count on the drawn streets, by condition.")
@click.option("--weather", type=click.Choice([w.value for w in Weather]), multiple=True)
@click.option("--seconds", default=90.0, show_default=True, help="Length of each drawn street.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def command(
    video: tuple[Path, ...],
    truth: Path | None,
    is_drawn: bool,
    weather: tuple[str, ...],
    seconds: float,
    is_json: bool,
) -> None:
    """Count crossings and compare with the truth: of files, or of drawn streets."""
    if not is_drawn and (not video or truth is None):
        raise click.UsageError("give --video FILE with --truth FILE, or --scenes")
    if truth is not None:
        for path in video:
            _print(count_video(path, truth), is_json)
    if is_drawn:
        for figures in count_scenes(seconds, tuple(map(Weather, weather)) or tuple(Weather)):
            _print(figures, is_json)


def count_scenes(seconds: float, weathers: tuple[Weather, ...]) -> Iterator[dict[str, Any]]:
    """Yield the figures of each condition, and at last of all together."""
    everything: list[LineScore] = []
    for weather in weathers:
        scores = [replace(count_scene(scene), id=scene.name) for scene in drawn_scenes(seconds, (weather,))]
        everything += scores
        yield {"condition": weather.value, **summary(scores)}
    yield {"condition": "all", **summary(everything)}


def _print(figures: dict[str, Any], is_json: bool) -> None:
    if is_json:
        click.echo(json.dumps(figures))
        return
    name = figures.get("video") or figures["condition"]
    click.echo(f"{name}: F1 {figures['f1']:.3f}, count error {figures['count_error']:.1%}")
    for line in figures["lines"]:
        click.echo(
            "  {id:<14} truth {truth:>3}  counted {counted:>3}  tp {tp:>3} fp {fp:>3} fn {fn:>3}".format(
                **line
            )
        )

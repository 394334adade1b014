"""``./pontive bench count``: how well crossings are counted, on files and on drawn streets.

Given to the analysis: the line and the frames in their order, nothing else (scale automatic,
no empty reference, no look ahead but the warm-up that a live camera has too).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from _crossings import LineScore, read_lines, score, summary
from _scenes import CAMERAS, HOLD_OUT_CAMERAS, DrawnCamera, count_scene, drawn_scenes
from _variants import VARIANTS, Variant, rate_of
from _video import frame_rate_hz, luma_frames

from edge.cameras.drawn.settings import Weather
from edge.vision.analysis import Crossing, SceneAnalysis


def count_video(video: Path, truth: Path, variant: Variant = VARIANTS[0]) -> list[LineScore]:
    """Return the scores of one file, line by line."""
    entry = _entry_of(video, truth)
    lines = variant.truth(read_lines(entry), int(entry.get("frames", 0)))
    analysis = SceneAnalysis(
        lines=tuple(true.line for true in lines),
        masks=(),
        scale=0,
        frame_rate_hz=rate_of(variant, frame_rate_hz(video)),
    )
    crossings: list[Crossing] = []
    for luma, pts_s in variant.frames(luma_frames(video)):
        crossings += analysis.see(luma, pts_s).crossings
    crossings += analysis.finish().crossings
    return [score(true, crossings) for true in lines]


def count_variants(video: Path, truth: Path) -> Iterator[dict[str, Any]]:
    """Yield the figures of each way to change a file, and at last of all together."""
    everything: list[LineScore] = []
    for variant in VARIANTS:
        scores = count_video(video, truth, variant)
        everything += scores
        yield {"video": video.name, "variant": variant.name, **summary(scores)}
    yield {"video": video.name, "variant": "all", **summary(everything), "lines": []}


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
@click.option("--variants", "is_varied", is_flag=True, help="Count each file in many disguises as well.")
@click.option("--hold-out", "is_held_out", is_flag=True, help="Draw the streets nothing was tuned on.")
@click.option("--weather", type=click.Choice([w.value for w in Weather]), multiple=True)
@click.option("--seconds", default=90.0, show_default=True, help="Length of each drawn street.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def command(
    video: tuple[Path, ...],
    truth: Path | None,
    is_drawn: bool,
    is_varied: bool,
    is_held_out: bool,
    weather: tuple[str, ...],
    seconds: float,
    is_json: bool,
) -> None:
    """Count crossings and compare with the truth: of files, or of drawn streets."""
    if not is_drawn and (not video or truth is None):
        raise click.UsageError("give --video FILE with --truth FILE, or --scenes")
    if truth is not None:
        for path in video:
            for figures in count_variants(path, truth) if is_varied else [_plain(path, truth)]:
                _print(figures, is_json)
    if is_drawn:
        cameras = HOLD_OUT_CAMERAS if is_held_out else CAMERAS
        for figures in count_scenes(seconds, tuple(map(Weather, weather)) or tuple(Weather), cameras):
            _print(figures, is_json)


def _plain(video: Path, truth: Path) -> dict[str, Any]:
    return {"video": video.name, **summary(count_video(video, truth))}


def count_scenes(
    seconds: float, weathers: tuple[Weather, ...], cameras: Sequence[DrawnCamera]
) -> Iterator[dict[str, Any]]:
    """Yield the figures of each condition, and at last of all together."""
    everything: list[LineScore] = []
    for weather in weathers:
        scenes = drawn_scenes(seconds, (weather,), cameras)
        scores = [replace(count_scene(scene), id=scene.name) for scene in scenes]
        everything += scores
        yield {"condition": weather.value, **summary(scores)}
    yield {"condition": "all", **summary(everything)}


def _print(figures: dict[str, Any], is_json: bool) -> None:
    if is_json:
        click.echo(json.dumps(figures))
        return
    name = ", ".join(figures[key] for key in ("video", "variant", "condition") if key in figures)
    click.echo(f"{name}: F1 {figures['f1']:.3f}, count error {figures['count_error']:.1%}")
    for line in figures["lines"]:
        click.echo(
            "  {id:<14} truth {truth:>3}  counted {counted:>3}  tp {tp:>3} fp {fp:>3} fn {fn:>3}".format(
                **line
            )
        )

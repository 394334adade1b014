"""``./pontive bench picture``: false alarms on normal pictures, and how soon each fault is found.

Normal are drawn streets in all weathers (dusk, crowds, a lorry before the lens, a poor stream …) and
the real clips beside the checkout, looped, by day and by a third of the light; ``--video`` adds files
that must raise no alarm. Seconds are those of the film, which is watched as fast as can be.
"""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import click
from _video import frame_rate_hz, luma_frames

from edge.cameras.port import CameraError
from edge.cameras.sources.replay import Recording, ReplayCamera
from edge.vision.health.watch import PictureWatch
from edge.wire.records.bodies import PictureState
from tests.edge.vision.health.pictures import (
    FAULTS,
    Film,
    Shot,
    changed,
    dim,
    faulty,
    first,
    looped,
    normal_films,
)

CLIPS = Path(__file__).parents[2] / "../shared/video"
LOOPED_S = 240.0
GOOD_S, FOUND_WITHIN_S = 60.0, 60.0
SEEDS = (2, 3)


def alarms_of(film: Film, rate_hz: float) -> tuple[list[tuple[str, float]], float]:
    """Return the alarms a film raised, as (state, seconds), and how long it lasted."""
    watch, alarms, last_s = PictureWatch(rate_hz), [], 0.0
    for shot in film:
        verdict = watch.see(shot.luma, shot.pts_s, damaged=shot.damaged, is_key=shot.is_key)
        last_s = shot.pts_s
        if verdict.is_changed and verdict.state is not PictureState.GOOD:
            alarms.append((verdict.state.value, round(shot.pts_s, 1)))
    return alarms, last_s


def real_films() -> Iterator[tuple[str, Film, float]]:
    """Yield the real clips, looped at one picture a second, by day and by night."""
    for path in sorted(CLIPS.glob("*.mp4")):
        step = round(frame_rate_hz(path))
        pictures = [luma.copy() for number, (luma, _) in enumerate(luma_frames(path)) if number % step == 0]
        yield path.stem, looped(pictures, fps=1.0), LOOPED_S
        yield f"{path.stem}-dim", changed(looped(pictures, fps=1.0), dim), LOOPED_S


def outside_films(videos: tuple[Path, ...]) -> Iterator[tuple[str, Film, float]]:
    """Yield files as they are, at their own rate."""
    for path in videos:
        yield path.name, played(path), float("inf")


def played(path: Path) -> Film:
    """Yield the frames of a file with what its decoder says of them, as a camera gives them."""
    camera = ReplayCamera(Recording(path, "max", is_looped=False))
    camera.open()
    for frame in camera.frames():
        yield Shot(frame.luma, frame.pts_s, int(frame.is_damaged), frame.is_key)


def found_after_s(film: Film, rate_hz: float, state: PictureState) -> tuple[float | None, str]:
    """Return how long after its beginning a fault was found by its name, and what was said first."""
    watch, said = PictureWatch(rate_hz), ""
    for shot in first(film, GOOD_S + FOUND_WITHIN_S):
        verdict = watch.see(shot.luma, shot.pts_s, damaged=shot.damaged, is_key=shot.is_key)
        if verdict.is_changed and verdict.state is not PictureState.GOOD:
            said = said or verdict.state.value
            if verdict.state is state:
                return round(shot.pts_s - GOOD_S, 1), said
    return None, said


def measure(videos: tuple[Path, ...], *, is_short: bool, say: Any) -> dict[str, Any]:
    """Run everything and return the figures."""
    normal_s, false_alarms = 0.0, 0
    films = [*normal_films(), *real_films()] if not videos else []
    for name, film, seconds in [*films, *outside_films(videos)]:
        alarms, lasted_s = alarms_of(first(film, seconds / 4 if is_short else seconds), 10.0)
        normal_s += lasted_s
        false_alarms += len(alarms)
        say(f"{name}: {lasted_s:.0f} s, {alarms or 'no alarm'}")
    per_state: dict[str, dict[str, Any]] = {}
    for fault, seed in product(FAULTS if not videos else (), SEEDS[:1] if is_short else SEEDS):
        for weather in fault.weathers[:1] if is_short else fault.weathers:
            after_s, said = found_after_s(faulty(fault, weather, seed, good_s=GOOD_S), fault.fps, fault.state)
            row = per_state.setdefault(fault.state.value, {"faults": 0, "found": 0, "latest_s": 0.0})
            row["faults"] += 1
            row["found"] += after_s is not None
            row["latest_s"] = max(row["latest_s"], after_s or 0.0)
            say(f"{fault.name} {weather.value}-{seed}: {after_s} s, said first: {said or 'nothing'}")
    return {
        "minutes_normal": round(normal_s / 60, 1),
        "false_alarms": false_alarms,
        "faults": sum(row["faults"] for row in per_state.values()),
        "found": sum(row["found"] for row in per_state.values()),
        "latest_s": max((row["latest_s"] for row in per_state.values()), default=0.0),
        "states": per_state,
    }


@click.command()
@click.option(
    "--video",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Watch this file instead; it must raise no alarm.",
)
@click.option("--short", "is_short", is_flag=True, help="A quarter of everything.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
def command(video: tuple[Path, ...], is_short: bool, is_json: bool) -> None:
    """Count false alarms on normal pictures and time how soon each fault is found."""
    say = (lambda text: None) if is_json else click.echo
    try:
        figures = measure(video, is_short=is_short, say=say)
    except CameraError as error:
        raise click.ClickException(str(error)) from error
    if is_json:
        click.echo(json.dumps(figures))
        return
    states = figures.pop("states")
    for name, value in [*figures.items(), *states.items()]:
        click.echo(f"{name}: {value}")

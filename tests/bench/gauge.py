"""``./pontive bench gauge``: how well the water level is read on drawn gauges of known level.

Prints ``{mean_abs_error_m, unreadable_share, wrong_share}`` over seeds and conditions: the error of
what was read, how often nothing was, and how often a level was said that was wrong (further off
than 5 cm and than twice its own spread). A gauge that cannot be read may stay unread; it must
never be read wrongly.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import click

from edge import opencv
from edge.cameras.drawn.gauge.settings import GaugeSettings, GaugeWeather
from edge.cameras.drawn.gauge.water import Waterside
from edge.vision.measures.gauge import SAMPLE_EVERY_S, GaugeReader
from edge.wire.records.bodies import GaugeReading

SAMPLES = 30
WRONG_M, WRONG_SPREADS = 0.05, 2.0
CONDITIONS: dict[str, GaugeSettings] = {
    "calm": GaugeSettings(waves=0.0, reflection=0.1),
    "ripples": GaugeSettings(waves=0.01),
    "waves": GaugeSettings(waves=0.08),
    "storm": GaugeSettings(waves=0.2),
    "mirror": GaugeSettings(waves=0.0, reflection=0.6),
    "glassy": GaugeSettings(waves=0.005, reflection=0.9),
    "rain": GaugeSettings(weather=GaugeWeather.RAIN, waves=0.02),
    "night": GaugeSettings(weather=GaugeWeather.NIGHT),
    "dark": GaugeSettings(weather=GaugeWeather.DARK),
    "fog": GaugeSettings(weather=GaugeWeather.FOG),
    "shake": GaugeSettings(shake=1.2),
    "branch": GaugeSettings(branch=1.0, waves=0.02),
    "small": GaugeSettings(width=320, height=180),
    "dry": GaugeSettings(level=-0.5),
    "drowned": GaugeSettings(level=2.6),
}
_FIXED = ("dry", "drowned")


@dataclass(frozen=True)
class Try:
    """One gauge that was looked at for a minute."""

    condition: str
    settings: GaugeSettings
    reading: GaugeReading

    @property
    def error_m(self) -> float | None:
        """How far the reading is off; None: nothing was read."""
        level_m = self.reading.level_m
        return None if level_m is None else abs(level_m - self.settings.level)

    @property
    def is_wrong(self) -> bool:
        """Whether a level was said that is not the level."""
        spread_m = self.reading.spread_m or 0.0
        return self.error_m is not None and self.error_m > max(WRONG_M, WRONG_SPREADS * spread_m)


def tries(
    seeds: int, first_seed: int, conditions: tuple[str, ...] = (), samples: int = SAMPLES
) -> Iterator[Try]:
    """Yield each condition with so many seeds; a seed moves staff, level and branch."""
    for condition in conditions or tuple(CONDITIONS):
        plain = CONDITIONS[condition]
        for seed in range(first_seed, first_seed + seeds):
            dice = random.Random(f"{condition} {seed}")
            settings = replace(plain, seed=seed)
            if condition not in _FIXED:
                settings = replace(settings, level=round(dice.uniform(0.25, 1.75), 3))
            if settings.branch >= 0:
                settings = replace(settings, branch=round(dice.uniform(0.2, 1.8), 3))
            yield Try(condition, settings, read(settings, samples))


def read(settings: GaugeSettings, samples: int = SAMPLES) -> GaugeReading:
    """Return what is read off one drawn gauge in a minute."""
    place = Waterside(settings)
    reader = GaugeReader("bench", place.gauge)
    for number in range(samples):
        time_s = number * SAMPLE_EVERY_S
        reader.see(opencv.luma_of(place.draw(time_s, number)), time_s)
    return reader.read()


def figures(done: list[Try]) -> dict[str, float]:
    """Return the three figures of some tries."""
    errors = [each.error_m for each in done if each.error_m is not None]
    return {
        "mean_abs_error_m": round(sum(errors) / len(errors), 4) if errors else 0.0,
        "unreadable_share": round(1 - len(errors) / len(done), 4),
        "wrong_share": round(sum(each.is_wrong for each in done) / len(done), 4),
    }


@click.command()
@click.option("--seeds", default=4, show_default=True, help="Gauges of each condition.")
@click.option("--first-seed", default=1, show_default=True)
@click.option("--condition", type=click.Choice(list(CONDITIONS)), multiple=True)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
def command(seeds: int, first_seed: int, condition: tuple[str, ...], is_json: bool) -> None:
    """Read drawn gauges of every condition and compare with where the water is."""
    by_condition: dict[str, list[Try]] = defaultdict(list)
    for each in tries(seeds, first_seed, condition):
        by_condition[each.condition].append(each)
        if not is_json and each.is_wrong:
            click.echo(f"wrong: {each.settings} read {each.reading.level_m} +- {each.reading.spread_m}")
    whole = figures([each for group in by_condition.values() for each in group])
    parts = {name: figures(group) for name, group in by_condition.items()}
    if is_json:
        click.echo(json.dumps({**whole, "conditions": parts}))
        return
    for name, part in parts.items():
        click.echo(f"{name:9} {part}")
    click.echo(f"{'all':9} {whole}")

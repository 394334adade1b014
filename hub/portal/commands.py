"""``pontive-hub weather``: forecasts from files, and weather to look at in a simulated city."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import click

from hub.command_line import ReadyDatabase, config_option
from hub.places.areas import read_areas
from hub.portal.weather.bmkg import Forecast, Period, read_forecast
from hub.portal.weather.service import keep_forecast, keep_text, weather_now

_OPERATOR = "pontive-hub"
# A day as the equator has it: (BMKG's code, °C, %, km/h), every three hours.
_EXAMPLE_DAY = (
    *((3, 25.0, 93.0, 4.0), (1, 27.0, 84.0, 6.0), (1, 31.0, 68.0, 9.0), (3, 32.0, 64.0, 11.0)),
    *((61, 28.0, 82.0, 14.0), (95, 26.0, 91.0, 17.0), (60, 25.0, 94.0, 7.0), (4, 25.0, 94.0, 5.0)),
)


def weather_commands(ready: ReadyDatabase, *, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens."""

    @click.group()
    def weather() -> None:
        """The weather on the city's front page."""

    @weather.command("load")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
    def load(config_path: Path, file: Path) -> None:
        """Keep the forecast of a file of BMKG (JSON prakiraan-cuaca or XML DigitalForecast)."""
        regency = read_areas().kecamatan[0].code.rpartition(".")[0]
        with ready(config_path) as (config, database), database.writing() as db:
            city = config.city.removeprefix("Kota ")
            found = read_forecast(file.read_bytes(), regency=regency, city=city)
            keep_forecast(db, found, actor=_OPERATOR, now=now())
        click.echo(f"{len(found.periods)} hours for {found.area}")

    @weather.command("examples")
    @config_option
    def examples(config_path: Path) -> None:
        """Invent a text and three days of weather where there is none, all of it contoh."""
        with ready(config_path) as (_config, database), database.writing() as db:
            there = weather_now(db, now())
            if there.forecast is None and not there.texts:
                keep_forecast(db, example_forecast(now()), actor=_OPERATOR, now=now())
                text = "Contoh: hujan dan petir sore hari; hindari tepi parit saat air pasang."
                until = now() + timedelta(days=2)
                keep_text(db, text, is_warning=True, valid_until=until, actor=_OPERATOR, now=now())
        click.echo("Weather (contoh)")

    return weather


def example_forecast(now: datetime) -> Forecast:
    """Return invented weather of three days from now on."""
    begin = now.replace(minute=0, second=0, microsecond=0)
    begin -= timedelta(hours=begin.hour % 3)
    periods = []
    for place in range(24):
        at = begin + timedelta(hours=3 * place)
        # WIB is seven hours ahead: 21.00 UTC begins the example day at 4 in the morning.
        periods.append(Period(at, *_EXAMPLE_DAY[((at.hour + 3) // 3) % 8]))
    return Forecast("Pontianak (contoh)", begin, tuple(periods))

"""Keeps the weather and tells what of it counts now. Takes a session, never commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.portal.weather.bmkg import Forecast, Period, following
from hub.portal.weather.models import MOST_LETTERS, WeatherForecast, WeatherText

SOURCE = "BMKG"
# BMKG renews a forecast twice a day (its open data page, 2024): one that is older was forgotten.
STALE_AFTER = timedelta(hours=24)
LONGEST = timedelta(days=7)
KEPT_FORECASTS = 60
SHOWN_PERIODS = 24


@dataclass(frozen=True, slots=True)
class Weather:
    """What counts now; parts that nobody kept are ``None`` or empty."""

    texts: tuple[WeatherText, ...]
    forecast: WeatherForecast | None
    periods: tuple[Period, ...]
    is_stale: bool

    @property
    def at(self) -> datetime | None:
        """Since when the newest part of it stands."""
        stands = [one.kept_at for one in self.texts]
        stands += [self.forecast.issued_at] if self.forecast is not None else []
        return max(stands, default=None)


def weather_now(db: Session, now: datetime, *, most: int = SHOWN_PERIODS) -> Weather:
    """Return the texts in force, warnings first, and what the newest forecast says of the hours to come."""
    texts = db.scalars(
        select(WeatherText)
        .where(WeatherText.withdrawn_at.is_(None), WeatherText.valid_until > now)
        .order_by(WeatherText.is_warning.desc(), WeatherText.kept_at.desc())
    ).all()
    newest = select(WeatherForecast).order_by(WeatherForecast.issued_at.desc(), WeatherForecast.id.desc())
    forecast = db.scalars(newest.limit(1)).first()
    if forecast is None:
        return Weather(tuple(texts), None, (), is_stale=False)
    periods = following(msgspec.convert(forecast.periods, tuple[Period, ...]), now, most=most)
    is_stale = not periods or now - forecast.issued_at > STALE_AFTER
    return Weather(tuple(texts), forecast, periods, is_stale)


def keep_forecast(db: Session, forecast: Forecast, *, actor: str, now: datetime) -> WeatherForecast:
    """Keep what a file says; the oldest forecasts go.

    Raises:
        InputError: it is over, or older than what is there.
    """
    if forecast.periods[-1].at < now - timedelta(hours=6):
        raise InputError("semua jam prakiraan itu sudah lewat; unduh yang baru dari BMKG")
    there = weather_now(db, now).forecast
    if there is not None and there.issued_at > forecast.issued_at:
        raise InputError("prakiraan yang lebih baru sudah ada; tidak ada yang diganti")
    row = WeatherForecast(
        area=forecast.area,
        source=SOURCE,
        issued_at=forecast.issued_at,
        periods=msgspec.to_builtins(forecast.periods),
        kept_at=now,
        kept_by=actor,
    )
    db.add(row)
    db.flush()
    db.execute(delete(WeatherForecast).where(WeatherForecast.id <= row.id - KEPT_FORECASTS))
    _note(
        db, "weather.forecast", f"forecast:{row.id}", f"{row.area}, {len(forecast.periods)} jam", actor, now
    )
    return row


def keep_text(
    db: Session, text: str, *, is_warning: bool, valid_until: datetime | None, actor: str, now: datetime
) -> WeatherText:
    """Tell everybody something about the weather.

    Raises:
        InputError: it is empty, too long, or its end is past or too far off.
    """
    said = " ".join(text.split())
    if not 5 <= len(said) <= MOST_LETTERS:
        raise InputError(f"teks cuaca antara 5 dan {MOST_LETTERS} huruf")
    if not said.isprintable():
        raise InputError("teks cuaca mengandung tanda yang tidak dapat dicetak; ketik ulang")
    if valid_until is None or not now < valid_until <= now + LONGEST:
        raise InputError("berlaku sampai: waktu setelah sekarang, paling lama 7 hari")
    row = WeatherText(text=said, is_warning=is_warning, kept_at=now, kept_by=actor, valid_until=valid_until)
    db.add(row)
    db.flush()
    _note(db, "weather.text", f"weather:{row.id}", said, actor, now)
    return row


def withdraw_text(db: Session, number: int, *, actor: str, now: datetime) -> None:
    """Take a text back; once is enough.

    Raises:
        NotFoundError: there is none.
    """
    row = db.get(WeatherText, number)
    if row is None:
        raise NotFoundError(f"teks cuaca {number}")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = now, actor
        _note(db, "weather.withdraw", f"weather:{number}", row.text, actor, now)


def _note(db: Session, action: str, target: str, detail: str, actor: str, now: datetime) -> None:
    audit.append(db, at=now, actor=actor, action=action, target=target, detail=detail[:900])

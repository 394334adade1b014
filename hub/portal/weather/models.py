"""Tables of the weather: what officers said, and forecasts as they were brought in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId

MOST_LETTERS = 600


class WeatherText(Base):
    """What an officer tells everybody, between two moments; taken back rather than deleted."""

    __tablename__ = "weather_text"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    text: Mapped[str] = mapped_column(String(MOST_LETTERS))
    is_warning: Mapped[bool] = mapped_column(default=False)
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(String(64))
    valid_until: Mapped[datetime] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(64))


class WeatherForecast(Base):
    """One forecast: its periods as :class:`hub.portal.weather.bmkg.Period` says them."""

    __tablename__ = "weather_forecast"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    area: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(80))
    issued_at: Mapped[datetime] = mapped_column(index=True)
    periods: Mapped[list[Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(String(64))

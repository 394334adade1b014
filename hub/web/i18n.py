"""Indonesian first, English by switch; texts in the code are Indonesian, the catalogue is English."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from flask import Flask, session
from flask_babel import Babel

from hub.web import formats
from hub.web.parts import parts

LANGUAGES = ("id", "en")
THEMES = ("dark", "light")
TRANSLATIONS = Path(__file__).with_name("translations")


def N_(text: str) -> str:  # noqa: N802 (gettext's own name for "translate this later")
    """Mark a text that a template translates later."""
    return text


def language() -> str:
    """Return the language of this request, or of the one that :func:`speaking` set."""
    from flask_babel import get_locale

    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else LANGUAGES[0]


def theme() -> str:
    """Return the colours this browser chose; dark by default."""
    chosen = session.get("theme")
    return chosen if chosen in THEMES else THEMES[0]


def install_i18n(app: Flask) -> None:
    """Choose the language of each request and give templates their filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    Babel(app, locale_selector=_chosen_language)
    app.add_template_filter(_moment, "moment")
    app.add_template_filter(_clock, "clock")
    app.add_template_filter(_day_only, "day_only")
    app.add_template_filter(_month_only, "month_only")
    app.add_template_filter(_local_input, "local_input")
    app.add_template_filter(_number, "number")
    app.add_template_filter(_age, "age")
    app.add_template_filter(_size, "size")
    app.add_template_filter(_span, "span")
    app.add_template_filter(formats.coordinate_text, "coordinate")

    @app.context_processor
    def give() -> dict[str, Any]:
        return {"language": language(), "theme": theme(), "now": parts().now()}


def _chosen_language() -> str:
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _moment(at: datetime) -> str:
    return formats.moment_text(at, parts().zone, language())


def _day_only(day: date) -> str:
    return formats.day_text(datetime.combine(day, time(12), parts().zone), parts().zone, language())


def _month_only(day: date) -> str:
    return formats.month_text(day, language())


def _clock(at: datetime) -> str:
    return formats.clock_text(at, parts().zone, language())


def _local_input(at: datetime) -> str:
    """Return as a field of day and time wants it: ``2026-11-21T07:14``, in the city's time."""
    return at.astimezone(parts().zone).strftime("%Y-%m-%dT%H:%M")


def _number(value: float, decimals: int = 0) -> str:
    return formats.number_text(value, language(), decimals)


def _age(at: datetime) -> str:
    return formats.age_text((parts().now() - at).total_seconds(), language())


def _size(value: int) -> str:
    return formats.bytes_text(value, language())


def _span(seconds: float) -> str:
    return formats.age_text(seconds, language())

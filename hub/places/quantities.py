"""How the quantity of a sensor is called and in which unit it is said; names are those of the wire."""

from collections.abc import Mapping

from flask_babel import gettext as _

from hub.web.i18n import N_

_WORDS: Mapping[str, str] = {
    "water_level": N_("tinggi air"),
    "rain": N_("curah hujan"),
    "temperature": N_("suhu"),
    "humidity": N_("kelembapan"),
    "noise": N_("kebisingan"),
    "wind": N_("angin"),
    "pm2_5": N_("debu halus (PM2,5)"),
    "pm10": N_("debu (PM10)"),
}
# Endings of names, the longest first: mm_h before h.
_UNITS: tuple[tuple[str, str], ...] = (
    ("_ug_m3", "µg/m³"),
    ("_mm_h", "mm/jam"),
    ("_km_h", "km/jam"),
    ("_m_s", "m/s"),
    ("_percent", "%"),
    ("_hpa", "hPa"),
    ("_dba", "dB(A)"),
    ("_ppm", "ppm"),
    ("_mm", "mm"),
    ("_cm", "cm"),
    ("_m", "m"),
    ("_c", "°C"),
    ("_v", "V"),
)


def unit_of(quantity: str) -> str:
    """Return the unit as people write it; one that we do not know stays as the name says it."""
    return next((unit for ending, unit in _UNITS if quantity.endswith(ending)), quantity)


def quantity_words(quantity: str) -> str:
    """Return what is measured and in which unit, as ``tinggi air (m)``."""
    ending = next((ending for ending, _unit in _UNITS if quantity.endswith(ending)), "")
    name = quantity.removesuffix(ending) if ending else quantity
    word = _WORDS.get(name)
    said = _(word) if word else name.replace("_", " ")
    return f"{said} ({unit_of(quantity)})" if ending else said

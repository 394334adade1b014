"""Quantities of sensors in words of people."""

import pytest
from flask_babel import force_locale

from hub.places.quantities import quantity_words, unit_of
from tests.hub.screens import Screens


@pytest.mark.parametrize(
    ("quantity", "unit", "words"),
    [
        ("water_level_m", "m", "tinggi air (m)"),
        ("rain_mm_h", "mm/jam", "curah hujan (mm/jam)"),
        ("temperature_c", "°C", "suhu (°C)"),
        ("soil_moisture_percent", "%", "soil moisture (%)"),
        ("index", "index", "index"),
    ],
)
def test_a_quantity_is_said_with_its_unit(screens: Screens, quantity: str, unit: str, words: str) -> None:
    with screens.app.test_request_context(), force_locale("id"):
        assert (unit_of(quantity), quantity_words(quantity)) == (unit, words)

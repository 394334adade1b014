"""The six kecamatan and 29 kelurahan that the product knows, from ``pontianak.toml`` beside this."""

from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from edge.wire.strict_toml import Section, read_toml
from hub.places.models import Kecamatan, Kelurahan

_AREAS = Path(__file__).with_name("pontianak.toml")


class Area(Section, frozen=True):
    """A kecamatan, or a kelurahan of one; ``name`` is the city's spelling."""

    code: str
    name: str
    lat: float
    lon: float
    kecamatan: str = ""
    ministry_name: str = ""
    postcode: str = ""


class Areas(Section, frozen=True):
    """All of the city."""

    kecamatan: tuple[Area, ...]
    kelurahan: tuple[Area, ...]


@cache
def read_areas() -> Areas:
    """Return the areas of the city."""
    return read_toml(_AREAS, Areas)


def load_areas(db: Session) -> None:
    """Write the areas to the database, or change them to what the product knows now."""
    areas = read_areas()
    for area in areas.kecamatan:
        db.merge(Kecamatan(code=area.code, name=area.name, latitude=area.lat, longitude=area.lon))
    db.flush()
    for area in areas.kelurahan:
        db.merge(
            Kelurahan(
                code=area.code,
                kecamatan=area.kecamatan,
                name=area.name,
                ministry_name=area.ministry_name,
                postcode=area.postcode,
                latitude=area.lat,
                longitude=area.lon,
            )
        )
    db.flush()

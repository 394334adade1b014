"""A complaint as somebody fills it in: kept as typed, checked, turned into the answers of the service. Pure.

The page asks less than the service: a heading is made from the first sentence, the OPD from what it
is about, the kelurahan from the place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hub.cases.complaints.where import ELSEWHERE, Spot, spot_at, ward_of
from hub.cases.definition.form import Choice
from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping.engine import SECRECY_OF_ANSWER, Secrecy

TITLE_LETTERS = 80
# The shortest heading that the service takes; shorter ones are led by what it is about.
_SHORTEST_TITLE, _SHORTEST_TEXT = 5, 10
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n")
# What a double looks like when a program writes it; longer is no coordinate, further than this no place.
_DEGREES = re.compile(r"\A[0-9eE+.,-]{1,32}\Z")
_BEYOND_DEG, _DECIMALS = 1000.0, 8


@dataclass(frozen=True, slots=True)
class Report:
    """What was typed, field by field; coordinates as text: empty is no place, "0" is the equator."""

    category: str = ""
    text: str = ""
    title: str = ""
    kind: str = "pengaduan"
    latitude: str = ""
    longitude: str = ""
    kelurahan: str = ""
    address: str = ""
    identity: str = "terbuka"
    name: str = ""
    contact: str = ""

    @property
    def place(self) -> tuple[float, float] | None:
        """The coordinates, when both are numbers."""
        found = degrees(self.latitude), degrees(self.longitude)
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    @property
    def secrecy(self) -> Secrecy:
        """Who may see the name, or anything of it."""
        return SECRECY_OF_ANSWER.get(self.identity, Secrecy.OPEN)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Why it is not the city's to deal with, and where to go."""

    text: str


def read_report(form: Mapping[str, str]) -> Report:
    """Read the fields of a form; what is too long is cut where the check will complain of it anyway."""
    names = Report.__dataclass_fields__
    typed = {name: form[name][:5_000].strip() for name in names if form.get(name, "").strip()}
    return Report(**typed)


def with_place(report: Report, latitude: float, longitude: float) -> Report:
    """Return the report moved to a place, with the kelurahan that lies there."""
    spot = spot_at(latitude, longitude)
    ward = spot.kelurahan.code if spot else report.kelurahan
    return replace(report, latitude=f"{latitude:.6f}", longitude=f"{longitude:.6f}", kelurahan=ward)


def elsewhere(report: Report, definition: ServiceDefinition) -> Elsewhere | None:
    """Return why somebody else must be told, if so: what it is about, or where it lies."""
    choice = category_of(report, definition)
    if choice is not None and choice.is_for_somebody_else:
        return Elsewhere(choice.hint)
    place = report.place
    return Elsewhere(ELSEWHERE) if place is not None and spot_at(*place) is None else None


def answers_of(report: Report, definition: ServiceDefinition) -> dict[str, tuple[str, ...]]:
    """Return the answers that the service asks for; what is wrong with them the machine says."""
    choice = category_of(report, definition)
    label = choice.label if choice else ""
    spot = _spot(report)
    found = {
        "kind": report.kind,
        "category": report.category,
        "title": title_of(report, label),
        "text": _led_by(label, report.text, _SHORTEST_TEXT),
        "place": "" if spot is None else f"{spot.latitude:.6f},{spot.longitude:.6f}",
        "kelurahan": _ward(report, spot),
        "address": " ".join(report.address.split()),
        "identity": report.identity,
        # Whoever wants to stay unnamed is not asked who they are, so that nobody can tell.
        "name": "" if report.secrecy is Secrecy.ANONYMOUS and not report.contact else report.name,
        "contact": re.sub(r"[ .()-]", "", report.contact),
    }
    known = {field.id for field in definition.fields}
    return {name: (text,) for name, text in found.items() if text and name in known}


def title_of(report: Report, label: str) -> str:
    """Return the heading: what was typed as one, or the first sentence."""
    if report.title:
        return report.title
    sentence = " ".join(_SENTENCE_END.split(report.text.strip(), maxsplit=1)[0].split())
    if len(sentence) > TITLE_LETTERS:
        sentence = sentence[: TITLE_LETTERS - 1].rsplit(" ", 1)[0] + "…"
    return _led_by(label, sentence, _SHORTEST_TITLE)


def category_of(report: Report, definition: ServiceDefinition) -> Choice | None:
    """Return what it is about, if that is offered."""
    return next((one for one in categories(definition) if one.id == report.category), None)


def categories(definition: ServiceDefinition) -> tuple[Choice, ...]:
    """Return what a complaint may be about."""
    return next((field.choices for field in definition.fields if field.id == "category"), ())


def degrees(text: str) -> float | None:
    """Return a coordinate to a millimetre; a comma counts as a point, as people here write it."""
    if not _DEGREES.match(text.strip()):
        return None
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return round(found, _DECIMALS) + 0.0 if -_BEYOND_DEG < found < _BEYOND_DEG else None


def _spot(report: Report) -> Spot | None:
    place = report.place
    return None if place is None else spot_at(*place)


def _ward(report: Report, spot: Spot | None) -> str:
    if report.kelurahan and ward_of(report.kelurahan) is not None:
        return report.kelurahan
    return spot.kelurahan.code if spot else ""


def _led_by(label: str, text: str, least: int) -> str:
    """Return a text, after what it is about where it says too little by itself."""
    return f"{label}: {text}" if text and len(text) < least and label else text

"""Forecasts as BMKG publishes them, read from a file: strict about what it says, kind about what is new.

Two shapes: JSON of ``api.bmkg.go.id/publik/prakiraan-cuaca`` (BMKG, 2024) and XML "DigitalForecast" of
``data.bmkg.go.id`` (BMKG, 2021). Must not fetch anything: somebody brings the file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated
from xml.etree import ElementTree

import msgspec

from hub.errors import InputError
from hub.web.i18n import N_

MOST_BYTES = 2 * 1024 * 1024
# Three days of hours, and a province of cities times fourteen days would still be less.
MOST_PERIODS = 400
# Codes of BMKG's open data (data.bmkg.go.id/prakiraan-cuaca, 2021), with the words it gives them.
WORDS: Mapping[int, str] = {
    0: N_("Cerah"),
    1: N_("Cerah berawan"),
    2: N_("Cerah berawan"),
    3: N_("Berawan"),
    4: N_("Berawan tebal"),
    5: N_("Udara kabur"),
    10: N_("Asap"),
    17: N_("Petir"),
    45: N_("Kabut"),
    60: N_("Hujan ringan"),
    61: N_("Hujan sedang"),
    63: N_("Hujan lebat"),
    80: N_("Hujan lokal"),
    95: N_("Hujan petir"),
    97: N_("Hujan petir"),
}

Celsius = Annotated[float, msgspec.Meta(ge=-10, le=60)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Speed = Annotated[float, msgspec.Meta(ge=0, le=400)]


class Period(msgspec.Struct, frozen=True):
    """The weather from a moment on; what the file does not say is ``None``."""

    at: datetime  # aware UTC
    code: int
    temperature_c: Celsius | None = None
    humidity_percent: Percent | None = None
    wind_kmh: Speed | None = None

    @property
    def words(self) -> str:
        """What it is called; a text to translate."""
        return WORDS[self.code]


class Forecast(msgspec.Struct, frozen=True):
    """What a file says of one area, oldest period first."""

    area: str
    issued_at: datetime
    periods: tuple[Period, ...]


class _Moment(msgspec.Struct):
    utc_datetime: str
    weather: int
    t: Celsius | None = None
    hu: Percent | None = None
    ws: Speed | None = None
    analysis_date: str = ""


class _Area(msgspec.Struct):
    adm2: str
    desa: str = ""
    kecamatan: str = ""
    kotkab: str = ""


class _Data(msgspec.Struct):
    cuaca: list[list[_Moment]]


class _File(msgspec.Struct):
    lokasi: _Area
    data: Annotated[list[_Data], msgspec.Meta(min_length=1, max_length=20)]


def read_forecast(content: bytes, *, regency: str, city: str) -> Forecast:
    """Read a file.

    Args:
        content: JSON or XML as published.
        regency: The city's code, as ``61.71``: another city's forecast is refused.
        city: Its name without "Kota", as the XML writes it.

    Raises:
        InputError: it is not such a file, or of another place, or says what cannot be.
    """
    if len(content) > MOST_BYTES:
        raise InputError(
            f"berkas lebih dari {MOST_BYTES // 1024 // 1024} MiB; unduh prakiraan satu wilayah saja"
        )
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        area, issued, periods = _from_json(content, regency)
    elif start == b"<":
        area, issued, periods = _from_xml(content, city)
    else:
        raise InputError("bukan berkas BMKG: harus JSON prakiraan-cuaca atau XML DigitalForecast")
    if not periods:
        raise InputError("berkas BMKG tanpa satu pun jam prakiraan; unduh lagi")
    if len(periods) > MOST_PERIODS:
        raise InputError(f"lebih dari {MOST_PERIODS} jam prakiraan; unduh prakiraan satu wilayah saja")
    by_time = {one.at: one for one in periods}
    return Forecast(area[:80], issued or min(by_time), tuple(by_time[at] for at in sorted(by_time)))


_Found = tuple[str, datetime | None, list[Period]]


def _from_json(content: bytes, regency: str) -> _Found:
    try:
        file = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"JSON prakiraan-cuaca tidak terbaca: {error}") from error
    if file.lokasi.adm2 != regency:
        where = file.lokasi.kotkab or file.lokasi.adm2
        raise InputError(f"prakiraan untuk {where[:60]}, bukan untuk kota ini (kode {regency})")
    moments = [moment for data in file.data for day in data.cuaca for moment in day]
    periods = [Period(_utc(one.utc_datetime), _known(one.weather), one.t, one.hu, one.ws) for one in moments]
    issued = next((_utc(one.analysis_date) for one in moments if one.analysis_date), None)
    area = ", ".join(filter(None, (file.lokasi.desa, file.lokasi.kecamatan))) or file.lokasi.kotkab
    return area, issued, periods


def _from_xml(content: bytes, city: str) -> _Found:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InputError("XML dengan DTD tidak dibaca; DigitalForecast BMKG tidak memakainya")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no DTD, see above
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(f"XML DigitalForecast tidak terbaca: {error}") from error
    areas = [one for one in root.iter("area") if one.get("description", "").casefold() == city.casefold()]
    if not areas:
        raise InputError(f"tidak ada wilayah {city} di dalam XML itu; unduh DigitalForecast provinsinya")
    codes = dict(_values(areas[0], "weather", ""))
    heat, damp, wind = (dict(_values(areas[0], *pair)) for pair in (("t", "C"), ("hu", "%"), ("ws", "KPH")))
    periods = [
        _checked(at, _known(_whole(code)), heat.get(at), damp.get(at), wind.get(at))
        for at, code in codes.items()
    ]
    stamp = root.findtext("./forecast/issue/timestamp") or ""
    return city, _stamp(stamp) if stamp else None, periods


def _values(area: ElementTree.Element, name: str, unit: str) -> Iterator[tuple[datetime, str]]:
    for parameter in area.iterfind("parameter"):
        if parameter.get("id") != name:
            continue
        for span in parameter.iterfind("timerange"):
            for value in span.iterfind("value"):
                if unit in ("", value.get("unit")):
                    yield _stamp(span.get("datetime", "")), (value.text or "").strip()
                    break


def _checked(at: datetime, code: int, heat: str | None, damp: str | None, wind: str | None) -> Period:
    said = {"at": at, "code": code, "temperature_c": heat, "humidity_percent": damp, "wind_kmh": wind}
    try:
        return msgspec.convert(said, Period, strict=False)
    except msgspec.ValidationError as error:
        raise InputError(f"{at:%Y-%m-%d %H.%M} UTC: {error}") from error


def _known(code: int) -> int:
    if code not in WORDS:
        raise InputError(f"kode cuaca {code} tidak dikenal; perbarui Pontive atau tulis teks cuaca")
    return code


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise InputError(f"kode cuaca {text[:20]!r} bukan bilangan")
    return int(text)


def _utc(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"waktu {text[:40]!r} tidak terbaca") from error
    return _within(found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC), text)


def _stamp(text: str) -> datetime:
    if not re.fullmatch(r"[0-9]{12}([0-9]{2})?", text):
        raise InputError(f"waktu {text[:40]!r} tidak terbaca")
    try:
        found = datetime.strptime(text[:12], "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as error:
        raise InputError(f"waktu {text[:40]!r} tidak ada") from error
    return _within(found, text)


def _within(at: datetime, text: str) -> datetime:
    if not 2000 <= at.year <= 2100:
        raise InputError(f"waktu {text[:40]!r} di luar tahun 2000 sampai 2100")
    return at


def following(periods: Sequence[Period], now: datetime, *, most: int) -> tuple[Period, ...]:
    """Return the period that holds ``now`` and those after it."""
    begun = [one for one in periods if one.at <= now]
    # The last one of a file ends when nobody knows; three hours is how far apart BMKG's are.
    running = begun[-1:] if begun and now - begun[-1].at < timedelta(hours=6) else []
    return tuple([*running, *(one for one in periods if one.at > now)][:most])

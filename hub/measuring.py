"""What feeds measures in this city: composition for ingest, as ``hub/casework.py`` is for cases.

Measures know no module that they count: each is asked here, and handed over as numbers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.cases.bookings.models import Booking
from hub.cases.definition.service import Family
from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.models import LetterDocument
from hub.cctv.rules import CameraState
from hub.cctv.service import Standing, list_standings
from hub.db import Database
from hub.hadir.city.ranking import WORKED
from hub.hadir.models import DayOutcome
from hub.hadir.results.rules import DayStatus
from hub.ingest.chores import Chore
from hub.ingest.slicing import Sliced
from hub.measures.environment.keeper import KEEP_EVERY_S, LATE, AirKeeper
from hub.measures.feeding import FEED_EVERY_S, Fed, Feed, Feeder, Feeds
from hub.measures.keeping.periods import WIB, Grain, begin_of, begin_of_day, end_of, moment_of, second_of
from hub.measures.keeping.points import Said
from hub.measures.keeping.series import Facets
from hub.measures.spbe.looking import LOOK_ROUND_S, EvidenceProber
from hub.notify.sender import Background
from hub.outside.looking import WebsiteLooker
from hub.people.models import Placement
from hub.places.models import Device, Site
from hub.registers.keeping.models import RegisterRow
from hub.telemetry.rollups.adding import hours_by_device
from hub.telemetry.tables import TableTelemetry

# A case may be closed, and with it counted otherwise, long after it came in.
MONTHS_BACK = 6
# Results of days are published within a few weeks.
DAYS_BACK = 45
ROOMS = "pinjam-ruang:"
FINISHED = "diselesaikan"
# Of traffic, in one step: 15,000 cameras have 45,000 roll-ups in so many hours.
_HOURS_AT_ONCE = 3


def measure_chores(database: Database) -> tuple[Chore, ...]:
    """Return what measures do beside records."""
    air = AirKeeper(database=database, telemetry=TableTelemetry, now=_now)
    feeder = Feeder(database=database, feeds=FEEDS, now=_now)
    links = EvidenceProber(database=database, look=WebsiteLooker().look, now=_now)
    return (
        Chore("looking at evidence", every_s=LOOK_ROUND_S, act=Background("evidence", links)),
        Chore("keeping air, river and rain", every_s=KEEP_EVERY_S, act=Sliced(air.steps), is_for_idle=True),
        Chore("feeding measures", every_s=FEED_EVERY_S, act=Sliced(feeder.steps), is_for_idle=True),
    )


def _now() -> datetime:
    return datetime.now(UTC)


def cameras(db: Session, now: datetime) -> Iterable[Fed]:
    """Return how many cameras there are, of which sort, and how many show a picture; by point."""
    at = moment_of(begin_of(Grain.DAY, second_of(now)))
    counts: dict[str, Counter[Facets]] = {}
    for one in list_standings(db, now):
        about = Facets(kelurahan=one.kelurahan, site=one.site)
        is_live = one.state in (CameraState.LIVE, CameraState.DISTURBED)
        for name, is_one in _sorts(one, is_live=is_live).items():
            # A point without any of a sort has none, which is a number too.
            counts.setdefault(name, Counter())[about] += int(is_one)
    for name, found in counts.items():
        yield Fed(name, at, tuple(Said(about, at, count) for about, count in found.items()))


def _sorts(camera: Standing, *, is_live: bool) -> dict[str, bool]:
    return {
        "camera_installed": True,
        "camera_online": is_live,
        "camera_offline": not is_live,
        "camera_fibre": camera.medium == "fibre",
        "camera_wireless": camera.medium == "wireless",
        "camera_ptz": camera.kind == "ptz",
        "camera_fixed": camera.kind == "fixed",
    }


def complaints(db: Session, now: datetime) -> Iterable[Fed]:
    """Return how many complaints came in a month, and how many of those are finished; by kelurahan."""
    received: list[Said] = []
    finished: list[Said] = []
    months = list(_months(now))
    for begin, end in months:
        query = (
            select(CaseRecord.kelurahan, CaseRecord.public_status, func.count())
            .where(CaseRecord.family == Family.COMPLAINT)
            .where(CaseRecord.opened_at >= begin, CaseRecord.opened_at < end)
            .group_by(CaseRecord.kelurahan, CaseRecord.public_status)
        )
        all_of, done_of = Counter[str](), Counter[str]()
        for ward, status, count in db.execute(query):
            all_of[ward or ""] += count
            done_of[ward or ""] += count if status == FINISHED else 0
        received += [Said(Facets(kelurahan=ward), begin, count) for ward, count in all_of.items()]
        finished += [Said(Facets(kelurahan=ward), begin, done_of[ward]) for ward in all_of]
    yield Fed("complaint_received", months[0][0], tuple(received))
    yield Fed("complaint_finished", months[0][0], tuple(finished))


def letters(db: Session, now: datetime) -> Iterable[Fed]:
    """Return how many letters were issued in a month; by kelurahan."""
    said: list[Said] = []
    months = list(_months(now))
    for begin, end in months:
        query = (
            select(LetterDocument.kelurahan, func.count())
            .where(LetterDocument.issued_at >= begin, LetterDocument.issued_at < end)
            .group_by(LetterDocument.kelurahan)
        )
        said += [Said(Facets(kelurahan=ward), begin, count) for ward, count in db.execute(query)]
    yield Fed("letter_issued", months[0][0], tuple(said))


def rooms(db: Session, now: datetime) -> Iterable[Fed]:
    """Return how often each room was used in a month; what was given back was not used."""
    said: list[Said] = []
    months = list(_months(now))
    for begin, end in months:
        query = (
            select(Booking.resource, func.count())
            .where(Booking.resource.startswith(ROOMS), Booking.released_at.is_(None))
            .where(Booking.begins_at >= begin, Booking.begins_at < min(end, now))
            .group_by(Booking.resource)
        )
        said += [
            Said(Facets(dimension=resource.removeprefix(ROOMS)), begin, count)
            for resource, count in db.execute(query)
        ]
    yield Fed("room_use", months[0][0], tuple(said))


def attendance(db: Session, now: datetime) -> Iterable[Fed]:
    """Return who came of those who should, by day and OPD; published results alone."""
    today = now.astimezone(WIB).date()
    first = today - timedelta(days=DAYS_BACK)
    query = (
        select(DayOutcome.day, Placement.opd, DayOutcome.status, func.count())
        .join(
            Placement,
            (Placement.person_number == DayOutcome.person_number)
            & (Placement.valid_from <= DayOutcome.day)
            & or_(Placement.valid_to.is_(None), Placement.valid_to >= DayOutcome.day),
        )
        .where(DayOutcome.is_current.is_(True), DayOutcome.day.between(first, today))
        .group_by(DayOutcome.day, Placement.opd, DayOutcome.status)
    )
    should, came = Counter[tuple[date, int]](), Counter[tuple[date, int]]()
    for day, opd, status, count in db.execute(query):
        if status in WORKED:
            should[day, opd] += count
            came[day, opd] += count if status != DayStatus.ABSENT else 0
    said = tuple(
        Said(Facets(opd=str(opd)), moment_of(begin_of_day(day)), came[day, opd], count)
        for (day, opd), count in should.items()
    )
    yield Fed("attendance", moment_of(begin_of_day(first)), said)


def traffic_parts() -> tuple[Feed, ...]:
    """Return the parts of traffic, each of some of the hours that may still change."""
    hours = round(LATE / timedelta(hours=1))
    return tuple(partial(traffic, back=back) for back in range(hours, 0, -_HOURS_AT_ONCE))


def traffic(db: Session, now: datetime, *, back: int) -> Iterable[Fed]:
    """Return how freely traffic moved, by hour and point: free is whole, slow a half, jam nothing.

    Args:
        db: A reading session.
        now: The present.
        back: So many hours before the running one begins the first of ``_HOURS_AT_ONCE``.
    """
    over = moment_of(begin_of(Grain.HOUR, second_of(now)))
    begin = over - timedelta(hours=back)
    end = min(over, begin + timedelta(hours=_HOURS_AT_ONCE))
    sites = db.execute(select(Device.id, Site.id, Site.kelurahan).join(Site, Site.id == Device.site))
    about_of = {device: Facets(kelurahan=ward, site=site) for device, site, ward in sites}
    clear, whole = Counter[tuple[Facets, datetime]](), Counter[tuple[Facets, datetime]]()
    for hour in hours_by_device(db, "flow.", begin, end):
        if hour.device in about_of:
            place = (about_of[hour.device], hour.begin)
            whole[place] += hour.samples
            # Levels are 0, 1 and 2 (hub.telemetry.camera_series); kept as millionths to stay whole.
            clear[place] += round(1e6 * (hour.samples - hour.total / 2))
    said = tuple(Said(*place, clear[place] / 1e6, count) for place, count in whole.items())
    # The running hour is not over; what was said of it by mistake, as by a clock put back, goes.
    yield Fed("traffic_clear", begin, said, until=end if end < over else None)


def content(db: Session, now: datetime) -> Iterable[Fed]:
    """Return how many items of the register were shown in a month; by kind and channel."""
    months = list(_months(now))
    first = months[0][0].astimezone(WIB).date()
    today = now.astimezone(WIB).date()
    counts = Counter[tuple[date, str]]()
    query = select(RegisterRow.values).where(
        RegisterRow.kind == "konten",
        RegisterRow.is_retired.is_(False),
        RegisterRow.values["status"].as_string() == "tayang",
        RegisterRow.values["tanggal"].as_string().between(first.isoformat(), today.isoformat()),
    )
    for values in db.scalars(query):
        channels = values.get("kanal") or ["tanpa kanal"]
        # Once, whatever the number of channels: the sum is of items, as the city counts them.
        channel = channels[0] if len(channels) == 1 else "beberapa kanal"
        month = date.fromisoformat(values["tanggal"]).replace(day=1)
        counts[month, f"{values['jenis']}|{channel}"] += 1
    said = tuple(
        Said(Facets(dimension=about), moment_of(begin_of_day(month)), count)
        for (month, about), count in counts.items()
    )
    yield Fed("content_items", months[0][0], said)


FEEDS: Feeds = {
    "modul kamera": (cameras,),
    "modul pengaduan": (complaints,),
    "modul surat": (letters,),
    "modul pemesanan ruang": (rooms,),
    "modul Hadir": (attendance,),
    "modul lalu lintas": traffic_parts(),
    "register konten": (content,),
}


def _months(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Return (begin, end) of the last months, the running one last."""
    begins = [begin_of(Grain.MONTH, second_of(now))]
    while len(begins) < MONTHS_BACK:
        begins.append(begin_of(Grain.MONTH, begins[-1] - 1))
    for begin_s in reversed(begins):
        yield moment_of(begin_s), moment_of(end_of(Grain.MONTH, begin_s))

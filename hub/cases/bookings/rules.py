"""What a case wants to book, read from its answers; quarters of an hour that it takes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hub.cases.machine.answers import Answers
from hub.web.typed.dates import typed_clock, typed_day

QUARTER_S = 900
LONGEST = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a service is booked.

    Attributes:
        resource: Fields that together name what is booked.
        begin: The field of the hour it begins.
        end: The field of the hour it ends; empty: after ``minutes``.
        minutes: How long one takes.
        places: How many there are side by side.
    """

    resource: tuple[str, ...]
    begin: str
    end: str = ""
    minutes: int = 0
    places: int = 1


# Lengths and places of offices are examples: no rule that says them could be read.
PLANS: Mapping[str, Plan] = {
    "pinjam-ruang": Plan(("room",), "begin", "end"),
    "ktp-kk": Plan(("office",), "hour", minutes=30, places=2),
    "antrean-puskesmas": Plan(("clinic", "unit"), "hour", minutes=15),
}


class BadWishError(ValueError):
    """What cannot be booked at any time; the message, in Indonesian, names the field."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A resource for a stretch of time, with ``places`` equal ones to choose from."""

    resource: str
    begins_at: datetime
    ends_at: datetime
    places: int

    @property
    def quarters(self) -> Sequence[int]:
        """The quarters of an hour it takes; a begun one is taken whole."""
        first = int(self.begins_at.timestamp()) // QUARTER_S
        last = -(-int(self.ends_at.timestamp()) // QUARTER_S)
        return range(first, last)


def wish_of(service: str, answers: Answers, *, now: datetime, zone: ZoneInfo) -> Wish | None:
    """Return what the answers ask for; None when the service books nothing.

    Raises:
        BadWishError: it ends before it begins, lasts too long, or is over.
    """
    plan = PLANS.get(service)
    if plan is None:
        return None
    names = [" ".join(answers.get(name, ("",))[0].casefold().split()) for name in plan.resource]
    try:
        day = typed_day(answers["day"][0])
    except ValueError as error:
        raise BadWishError("Tanggal: tidak mungkin; pilih hari dalam waktu dekat") from error
    begins = datetime.combine(day, typed_clock(answers[plan.begin][0]), zone)
    ends = begins + timedelta(minutes=plan.minutes)
    if plan.end:
        ends = datetime.combine(day, typed_clock(answers[plan.end][0]), zone)
    if ends <= begins:
        raise BadWishError("Selesai: harus sesudah jam mulai, pada hari yang sama")
    if ends - begins > LONGEST:
        raise BadWishError("Selesai: paling lama 14 jam sehari")
    if begins <= now:
        raise BadWishError("Tanggal dan jam itu sudah lewat; pilih waktu lain")
    return Wish(":".join((service, *names)), begins, ends, plan.places)

"""How likely two complaints are about one thing: place, category, words, a camera that sees both. Pure."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.cases.complaints.sight import distance_m

# How far apart two people put the same thing on a map; wide things are reported from further away.
RADIUS_M: Mapping[str, float] = {
    "drainase": 250.0,
    "sampah": 150.0,
    "lalu_lintas": 200.0,
    "ketertiban": 200.0,
    "jalan": 150.0,
    "lampu": 100.0,
    "pohon": 100.0,
    "bangunan": 100.0,
}
USUAL_RADIUS_M = 120.0
# An older one has been dealt with, or has grown into something else.
OLDEST = timedelta(days=60)
# Chosen on the set of tests/hub/cases/complaints/test_duplicates.py: recall above 0.9, false below 5 %.
OFFERED_FROM = 0.45
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words that any complaint has tell nothing apart.
_EMPTY_WORDS = frozenset(
    [
        *("yang", "dan", "atau", "dari", "dengan", "untuk", "pada", "ada", "ini", "itu", "sudah", "belum"),
        *("tidak", "bisa", "mohon", "tolong", "segera", "agar", "karena", "sangat", "sekali", "kami", "saya"),
        *("warga", "pak", "ibu", "bapak", "min", "admin", "sejak", "lama", "lagi", "juga", "oleh", "para"),
        *("kota", "pontianak", "jalan", "jln", "gang", "depan", "dekat", "samping"),
    ]
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared of a complaint; ``cameras`` that see its place. The equator is a place."""

    id: str
    category: str
    text: str
    at: datetime
    latitude: float | None = None
    longitude: float | None = None
    kelurahan: str = ""
    cameras: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """A complaint that may be about the same; ``score`` 0..1, ``distance_m`` None: a place is missing."""

    id: str
    score: float
    distance_m: float | None


def matches(one: Likeness, others: Iterable[Likeness], *, most: int = 3) -> tuple[Match, ...]:
    """Return the complaints that are worth showing before another one is sent, the likeliest first."""
    found = [match for other in others if (match := _match(one, other)).score >= OFFERED_FROM]
    return tuple(sorted(found, key=lambda match: (-match.score, match.id))[:most])


def radius_of(category: str) -> float:
    """Return within how many metres something of a category may be the same, doubled at most by words."""
    return RADIUS_M.get(category, USUAL_RADIUS_M)


def _match(one: Likeness, other: Likeness) -> Match:
    away_m = _distance(one, other)
    if one.category != other.category or abs(one.at - other.at) > OLDEST:
        return Match(other.id, 0.0, away_m)
    words = words_shared(one.text, other.text)
    if away_m is None:
        # Without a place only the words and the ward tell; both must be strong.
        is_near = bool(one.kelurahan) and one.kelurahan == other.kelurahan
        return Match(other.id, words if is_near else 0.0, None)
    near = math.exp(-((away_m / radius_of(one.category)) ** 2))
    seen = 0.1 if one.cameras & other.cameras else 0.0
    return Match(other.id, min(1.0, 0.65 * near + 0.35 * words + seen) if near > 0.01 else 0.0, away_m)


def words_shared(text: str, other: str) -> float:
    """Return how much two texts share, 0..1: the smaller set of words decides, short texts are usual."""
    left, right = _words(text), _words(other)
    if not left or not right:
        return 0.0
    return len(left & right) / min(len(left), len(right))


def _words(text: str) -> frozenset[str]:
    # The first five letters: "berlubang" and "berlubangnya" are one word.
    return frozenset(word[:5] for word in _WORD.findall(text.casefold()) if word not in _EMPTY_WORDS)


def _distance(one: Likeness, other: Likeness) -> float | None:
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    return distance_m(one.latitude, one.longitude, other.latitude, other.longitude)

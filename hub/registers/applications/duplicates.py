"""Applications that may be one and the same: by name, by address, by what they are for. Pure.

It proposes; who merges two applications is a person.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

# Half the applications of a city are called "sistem informasi" of something.
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "sistem informasi aplikasi online digital elektronik berbasis web website mobile android layanan "
        "kota pontianak pemerintah dinas badan untuk dan di ke dari yang pada bagi oleh secara dengan contoh",
    )
)
_ALIKE = 0.6
_LEAST_WORDS = 4
# Words that a third of all applications share tell nothing; on few applications every word counts.
_COMMON_FROM = 40


@dataclass(frozen=True, slots=True)
class Application:
    """What is compared of one."""

    id: int
    name: str
    purpose: str
    url: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two applications that may be one; ``score`` is from 0 to 1, ``reasons`` say why, in Indonesian."""

    first: Application
    second: Application
    score: float
    reasons: tuple[str, ...]


def application_of(number: int, values: Mapping[str, Any]) -> Application:
    """Return what is compared of a row."""
    return Application(
        number, str(values.get("nama", "")), str(values.get("fungsi", "")), str(values.get("alamat", ""))
    )


def likenesses(applications: Sequence[Application]) -> list[Likeness]:
    """Return the pairs that are alike, the likest first."""
    found = (_likeness(first, second) for first, second in _candidates(applications))
    alike = [one for one in found if one is not None]
    return sorted(alike, key=lambda one: (-one.score, one.first.name.casefold(), one.first.id, one.second.id))


def _candidates(applications: Sequence[Application]) -> Iterator[tuple[Application, Application]]:
    """Yield the pairs that share a word or an address: all with all would take minutes for thousands."""
    shelves: dict[str, list[Application]] = defaultdict(list)
    for one in applications:
        for mark in _words(one.name) | _words(one.purpose) | {_place(one.url)} - {""}:
            shelves[mark].append(one)
    most = max(_COMMON_FROM, len(applications) // 3)
    seen: set[tuple[int, int]] = set()
    for shelf in shelves.values():
        for first, second in combinations(shelf, 2) if len(shelf) <= most else ():
            if (first.id, second.id) not in seen:
                seen.add((first.id, second.id))
                yield first, second


def _likeness(first: Application, second: Application) -> Likeness | None:
    name = _overlap(_pieces(first.name), _pieces(second.name))
    words = _words(first.purpose), _words(second.purpose)
    purpose = _overlap(*words) if min(map(len, words)) >= _LEAST_WORDS else 0.0
    is_one_place = bool(_place(first.url)) and _place(first.url) == _place(second.url)
    reasons = []
    if name >= _ALIKE:
        reasons.append(f"nama mirip {round(100 * name)} %")
    if is_one_place:
        reasons.append("alamat sama")
    if purpose >= _ALIKE:
        reasons.append(f"fungsi mirip {round(100 * purpose)} %")
    if not reasons:
        return None
    return Likeness(first, second, max(name, purpose, 1.0 if is_one_place else 0.0), tuple(reasons))


def _words(text: str) -> frozenset[str]:
    found = re.findall(r"[^\W_]{3,}", text.casefold())
    return frozenset(found) - _EMPTY_WORDS


def _pieces(name: str) -> frozenset[str]:
    """Return the threes of letters of a name, which forgive a slip of the pen."""
    words = [word for word in re.findall(r"[^\W_]+", name.casefold()) if word not in _EMPTY_WORDS]
    line = f" {' '.join(words)} "
    return frozenset(line[place : place + 3] for place in range(len(line) - 2)) if words else frozenset()


def _overlap(first: Iterable[str], second: Iterable[str]) -> float:
    one, other = set(first), set(second)
    return len(one & other) / len(one | other) if one and other else 0.0


def _place(url: str) -> str:
    """Return host and path of an address: several applications may share one host."""
    parts = urlsplit(url.casefold())
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"

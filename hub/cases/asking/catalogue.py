"""The catalogue of services: which are for whom, in their families, found by old names too. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.cases.asking.wording import FAMILY_WORDS
from hub.cases.definition.service import Applicants, Family, ServiceDefinition

# Words that stand in nearly every service, and in what people type without meaning them.
_FILLERS = frozenset({"surat", "keterangan", "izin", "buat", "membuat", "urus", "mengurus", "bikin", "cara"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """One family with its services."""

    family: Family
    label: str
    services: tuple[ServiceDefinition, ...]


def offered_to(
    definitions: Iterable[ServiceDefinition], *, is_employee: bool
) -> tuple[ServiceDefinition, ...]:
    """Return what somebody may ask for; services of the system are for nobody."""
    wanted = {Applicants.ANYONE, Applicants.CITIZEN} | ({Applicants.EMPLOYEE} if is_employee else set())
    return tuple(each for each in definitions if each.applicants in wanted)


def shelves_of(services: Sequence[ServiceDefinition]) -> tuple[Shelf, ...]:
    """Return services by family, in the order of the families' words."""
    found = (
        Shelf(family, label, tuple(each for each in services if each.family is family))
        for family, label in FAMILY_WORDS.items()
    )
    return tuple(shelf for shelf in found if shelf.services)


def search(services: Iterable[ServiceDefinition], words: str) -> tuple[ServiceDefinition, ...]:
    """Return what fits the words, best first: by name, by an old name, by what the description says."""
    wanted = _words(words)
    telling = tuple(word for word in wanted if word not in _FILLERS) or wanted
    ranked = [(_rank(service, telling), service) for service in services]
    best = sorted((pair for pair in ranked if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].label))
    return tuple(service for _, service in best)


def _rank(service: ServiceDefinition, wanted: Sequence[str]) -> int:
    """Return 0 unless each word is found somewhere; a whole word counts more than its beginning."""
    places = (
        (8, _words(service.label)),
        (8, tuple(word for name in service.old_names for word in _words(name))),
        (2, _words(service.description)),
        (
            1,
            tuple(
                word for each in service.fields for choice in each.choices for word in _words(choice.label)
            ),
        ),
    )
    total = 0
    for word in wanted:
        found = max((_fit(word, words) * weight for weight, words in places), default=0)
        if not found:
            return 0
        total += found
    return total


def _fit(word: str, words: Sequence[str]) -> int:
    if word in words:
        return 3
    return 1 if len(word) >= 3 and any(each.startswith(word) for each in words) else 0


def _words(text: str) -> tuple[str, ...]:
    plain = "".join(letter if letter.isalnum() else " " for letter in text.casefold().replace("-", ""))
    return tuple(plain.split())

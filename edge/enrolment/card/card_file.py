"""``pontive.toml``, as it lies on the card's first partition or on a USB stick, and what lies beside it.

    hub = "https://hub.example"      # with code: the device asks the hub
    code = "…"
    passphrase = "…"                 # instead: of the bundle NAME.pontive beside it, for no network at all
    reset = "pi-jawi"                # take this device out of service
    report = true                    # leave pontive-laporan.json beside the answer
    [wifi]
    name = "Titik Jawi"
    password = "…"

Bundle and passphrase belong on two things (stick and card): who finds one has nothing. Must not be logged.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec

from edge.enrolment.claim_file import ClaimError
from edge.wire.strict_toml import Section, TomlError, read_toml

NAME = "pontive.toml"
SETTINGS = "edge.toml"
BUNDLES = "*.pontive"
ANSWER = "pontive-jawab.txt"
REPORT = "pontive-laporan.json"


class Wifi(Section, frozen=True):
    """A wireless network; 8 to 63 letters of password, as WPA2 has it (IEEE 802.11-2020, annex J)."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    password: Annotated[str, msgspec.Meta(min_length=8, max_length=63)]
    country: Annotated[str, msgspec.Meta(pattern=r"\A[A-Z]{2}\Z")] = "ID"
    is_hidden: bool = False


class CardFile(Section, frozen=True):
    """What the file may say; all of it may be left out."""

    hub: Annotated[str, msgspec.Meta(max_length=300)] = ""
    code: Annotated[str, msgspec.Meta(max_length=100)] = ""
    passphrase: Annotated[str, msgspec.Meta(max_length=200)] = ""
    reset: Annotated[str, msgspec.Meta(max_length=63)] = ""
    report: bool = False
    wifi: Wifi | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What was found: the wishes, and the files beside them. Its words are secrets."""

    file: CardFile = field(repr=False)
    path: Path
    bundle: Path | None
    settings: Path | None


class NothingOnCardError(ClaimError):
    """No place has a file for us."""


def read_card(places: Iterable[Path]) -> Card:
    """Return what the first place with a ``pontive.toml`` says; bundle and settings may lie in any.

    Raises:
        NothingOnCardError: there is none.
        ClaimError: it is half written or malformed, or says nothing that could be done.
    """
    places = tuple(places)
    path = _first(places, NAME)
    if path is None:
        raise NothingOnCardError(f"no {NAME} on card or stick; save the text of the hub's page there")
    try:
        file = read_toml(path, CardFile)
    except (TomlError, OSError, UnicodeDecodeError) as error:
        raise ClaimError(f"{NAME}: {error}; write it to the card again") from error
    card = Card(file=file, path=path, bundle=_first(places, BUNDLES), settings=_first(places, SETTINGS))
    _check(card)
    return card


def _first(places: Iterable[Path], pattern: str) -> Path | None:
    return next((path for place in places for path in sorted(place.glob(pattern))), None)


def _check(card: Card) -> None:
    file = card.file
    if bool(file.hub) != bool(file.code):
        raise ClaimError(f"{NAME}: hub and code belong together; copy both lines of the hub's page")
    if file.code and file.passphrase:
        raise ClaimError(f"{NAME}: a code and a passphrase; keep the code where there is a network")
    if file.passphrase and card.bundle is None:
        raise ClaimError(f"{NAME}: a passphrase, and no bundle NAME.pontive on card or stick; copy it there")
    if not any((file.code, file.passphrase, file.reset, file.report, file.wifi)):
        raise ClaimError(f"{NAME}: says nothing to do; write hub and code into it")

"""Services by what happens in a life, from ``life_events.toml`` beside this. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section, read_toml
from hub.cases.definition.service import ServiceDefinition

_FILE = Path(__file__).with_name("life_events.toml")


class _Event(Section, frozen=True):
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    services: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class _File(Section, frozen=True):
    event: tuple[_Event, ...]


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """What happens, and the services that are asked for then."""

    label: str
    services: tuple[ServiceDefinition, ...]


@cache
def known_events() -> tuple[_Event, ...]:
    """Return the file as it is."""
    return read_toml(_FILE, _File).event


def life_events(services: Iterable[ServiceDefinition]) -> tuple[LifeEvent, ...]:
    """Return the events with those of their services that are offered; without any, an event is left out."""
    offered = {one.code: one for one in services}
    found = (
        LifeEvent(event.label, tuple(offered[code] for code in event.services if code in offered))
        for event in known_events()
    )
    return tuple(one for one in found if one.services)

"""What cases are worked with in this city: composition for the web and for ingest, as ``hub/app.py`` is.

Whoever carries out an effect, or wants to be told of steps, is named here and nowhere else.
"""

from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.cases.citizens.nik import load_or_make_box
from hub.cases.definition.stages import Action, Effect
from hub.cases.keeping.engine import CaseEngine
from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.signing.links import link_of
from hub.cases.letters.wiring import LetterDesk, open_letters
from hub.config import HubConfig
from hub.hadir.results.reading.office_hours import working_days


def case_engine(config: HubConfig) -> CaseEngine:
    """Return what cases are worked with."""
    zone = ZoneInfo(config.timezone)
    return CaseEngine(
        working_days=partial(working_days, zone=zone),
        zone=zone,
        effects={
            Effect.ISSUE_DOCUMENT: letters_of(config).issuer,
            Effect.RESERVE: _left_to_people,
            Effect.RELEASE: _left_to_people,
        },
        told=(),
        hide=load_or_make_box(nik_key_of(config)).hide,
        link_of=link_of,
    )


def letters_of(config: HubConfig) -> LetterDesk:
    """Return what letters are issued and checked with."""
    return open_letters(config, nik_box=lambda: load_or_make_box(nik_key_of(config)))


def nik_key_of(config: HubConfig) -> Path:
    """Return where the key lies that seals NIKs; a backup of the database without it shows none."""
    return Path(config.folder) / "nik.key"


def _left_to_people(db: Session, case: CaseRecord, action: Action, now: datetime) -> None:
    """Do nothing: no part of the hub does this yet, whoever acts does it by hand."""

"""What cases are worked with in this city: composition for the web and for ingest, as ``hub/app.py`` is.

Whoever carries out an effect, or wants to be told of steps, is named here and nowhere else.
"""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.cases.definition.stages import Action, Effect
from hub.cases.keeping.engine import CaseEngine
from hub.cases.keeping.models import CaseRecord
from hub.config import HubConfig
from hub.hadir.results.reading.office_hours import working_days


def case_engine(config: HubConfig) -> CaseEngine:
    """Return what cases are worked with."""
    zone = ZoneInfo(config.timezone)
    return CaseEngine(
        working_days=partial(working_days, zone=zone),
        zone=zone,
        effects={
            Effect.ISSUE_DOCUMENT: _left_to_people,
            Effect.RESERVE: _left_to_people,
            Effect.RELEASE: _left_to_people,
        },
        told=(),
    )


def _left_to_people(db: Session, case: CaseRecord, action: Action, now: datetime) -> None:
    """Do nothing: no part of the hub does this yet, whoever acts does it by hand."""

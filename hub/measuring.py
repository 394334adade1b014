"""What feeds measures in this city: composition for ingest, as ``hub/casework.py`` is for cases.

Measures know no module that they count: each is asked here, and handed over as numbers.
"""

from datetime import UTC, datetime

from hub.db import Database
from hub.ingest.chores import Chore
from hub.measures.environment.keeper import KEEP_EVERY_S, AirKeeper
from hub.telemetry.tables import TableTelemetry


def measure_chores(database: Database) -> tuple[Chore, ...]:
    """Return what measures do beside records."""
    air = AirKeeper(database=database, telemetry=TableTelemetry, now=lambda: datetime.now(UTC))
    return (Chore("keeping air, river and rain", every_s=KEEP_EVERY_S, act=air, is_for_idle=True),)

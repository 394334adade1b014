"""Which series there are of a source; the store itself answers for series that somebody names."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.telemetry.models import TelemetrySeries
from hub.telemetry.store import Series


def series_of_source(db: Session, device: str, source: str) -> Sequence[Series]:
    """Return every series of a camera, door or sensor that was ever said, by name."""
    rows = db.scalars(
        select(TelemetrySeries.quantity)
        .where(TelemetrySeries.device == device, TelemetrySeries.source == source)
        .order_by(TelemetrySeries.quantity)
    )
    return [Series(device, source, quantity) for quantity in rows]

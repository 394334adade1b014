"""What complaints put on the map: a mark for each open one that everybody may see, the late ones first."""

from flask import url_for
from sqlalchemy import select

from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import CLOSED, PublicComplaint, Wanted
from hub.cases.complaints.where import district_named
from hub.cases.definition.service import Family
from hub.cases.keeping.models import CaseRecord
from hub.maps.layers import MapLayer, MapLook, MapPoint, MapState
from hub.web.contributions.tiles import Tone
from hub.web.i18n import N_

LATE, OPEN = "complaint-late", "complaint-open"
STATES = (
    MapState(LATE, N_("Laporan lewat tenggat"), Tone.BAD),
    MapState(OPEN, N_("Laporan terbuka"), Tone.WARN),
)
# More marks than this hide each other and the city under them; the list has them all.
MOST = 150


def complaint_layer(look: MapLook) -> MapLayer:
    """Return the newest open complaints that have a place; what everybody may read, every map may show."""
    numbers = look.db.scalars(
        select(CaseRecord.number)
        .where(
            CaseRecord.family == Family.COMPLAINT,
            CaseRecord.closed_at.is_(None),
            CaseRecord.latitude.is_not(None),
            CaseRecord.public_status.not_in(CLOSED),
        )
        .order_by(CaseRecord.opened_at.desc())
        .limit(MOST)
    ).all()
    found = PublicBoard(look.db).find(Wanted(numbers=numbers), most=MOST) if numbers else []
    points = tuple(_point(one, look) for one in found if one.latitude is not None)
    return MapLayer(id="complaints", label=N_("Laporan warga"), states=STATES, points=points, corner=2)


def _point(one: PublicComplaint, look: MapLook) -> MapPoint:
    is_late = one.due_at is not None and one.due_at < look.now
    return MapPoint(
        id=f"complaints-{one.id}",
        site="",
        # The equator is a place: 0.0 is not "nothing".
        latitude=0.0 if one.latitude is None else one.latitude,
        longitude=0.0 if one.longitude is None else one.longitude,
        title=one.title,
        state=LATE if is_late else OPEN,
        words=N_("%(category)s, %(ward)s"),
        values={"category": one.category_label, "ward": one.kelurahan or "-"},
        link=url_for("public_complaints.one", number=one.number),
        kecamatan=district_named(one.kelurahan),
    )

"""What the last looks at addresses mean: a source of alarms. Reads only.

One address that does not answer is an alarm of its own. When nothing at all answers, it is the hub that
is cut off: then that is said once, and what each address was before stays.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.watching.conditions import Condition, Sight
from hub.outside.looking import Standing
from hub.registers.keeping.models import RegisterRow
from hub.registers.probing.models import RegisterProbe
from hub.registers.probing.service import CERTIFICATE_WARNING, is_probed, probed_kinds
from hub.web.formats import date_text

# A server that is started again is no alarm: so long must an address be down, seen at least twice.
DOWN_FOR = timedelta(minutes=10)
# One or two sites may well share one machine; from here on the fault is nearer.
CUT_OFF_FROM = 3
GRAVE_WITHIN = timedelta(days=3)
# West Indonesian time has no daylight saving (Keppres 41/1987).
_WIB = timezone(timedelta(hours=7))
Looked = tuple[RegisterRow, RegisterProbe]


def address_conditions(db: Session, now: datetime) -> Iterator[Condition]:
    """Yield every condition of the addresses that were looked at."""
    looked = list(_looked(db))
    silent = [probe for _row, probe in looked if probe.standing == Standing.UNREACHABLE]
    is_cut_off = len(silent) >= CUT_OFF_FROM and not any(_has_answered(probe) for _row, probe in looked)
    yield Condition(
        kind=AlarmKind.HUB_OUTSIDE,
        about="hub",
        sight=Sight.BAD if is_cut_off else Sight.GOOD,
        severity=Severity.HIGH,
        facts={"count": str(len(silent))},
        link="/register/situs",
        lasting=DOWN_FOR,
    )
    today = now.astimezone(_WIB).date()
    for row, probe in looked:
        yield _down(row, probe, now, is_cut_off=is_cut_off)
        if probe.certificate_until is not None:
            yield _certificate(row, probe.certificate_until, today)


def _looked(db: Session) -> Iterator[Looked]:
    for kind in probed_kinds():
        query = (
            select(RegisterRow, RegisterProbe)
            .join(RegisterProbe, RegisterProbe.row_id == RegisterRow.id)
            .where(is_probed(kind), RegisterProbe.at.is_not(None))
            # What was looked at is no longer the address: the next round looks at the new one.
            .where(RegisterProbe.url == RegisterRow.values[kind.probe].as_string())
            .order_by(RegisterRow.id)
        )
        yield from ((row, probe) for row, probe in db.execute(query))


def _has_answered(probe: RegisterProbe) -> bool:
    return probe.standing in (Standing.REACHABLE, Standing.FAILING, Standing.CERTIFICATE)


def _down(row: RegisterRow, probe: RegisterProbe, now: datetime, *, is_cut_off: bool) -> Condition:
    standing = Standing(probe.standing)
    sight = Sight.GOOD
    if standing.is_down:
        is_sure = probe.since is not None and now - probe.since >= DOWN_FOR
        sight = Sight.BAD if is_sure else Sight.BETWEEN
    if is_cut_off and standing is Standing.UNREACHABLE:
        sight = Sight.UNSEEN
    return Condition(
        kind=AlarmKind.ADDRESS_DOWN,
        about=str(row.id),
        sight=sight,
        facts={"name": row.title, "detail": probe.detail},
        link=f"/register/{row.kind}/{row.id}",
    )


def _certificate(row: RegisterRow, until: date, today: date) -> Condition:
    left = until - today
    return Condition(
        kind=AlarmKind.ADDRESS_CERTIFICATE,
        about=str(row.id),
        sight=Sight.BAD if left < CERTIFICATE_WARNING else Sight.GOOD,
        severity=Severity.MEDIUM if left < GRAVE_WITHIN else Severity.LOW,
        facts={"name": row.title, "until": date_text(until, "id")},
        link=f"/register/{row.kind}/{row.id}",
    )

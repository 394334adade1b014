"""The watch over billboards: each once, however often it was found, with permit, size and potential.

What a billboard could bring is said only where the city entered a tariff and somebody the size;
nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from hub.cctv.findings.kinds import FindingKind
from hub.cctv.findings.models import Billboard, BillboardTariff, Finding
from hub.cctv.findings.rules import State, potential_rupiah
from hub.errors import InputError
from hub.people import audit
from hub.places.models import CityCamera, Site
from hub.web.i18n import N_

FORMS: Mapping[str, str] = {
    "billboard": N_("papan (billboard)"),
    "videotron": N_("videotron"),
    "banner": N_("kain (spanduk, umbul-umbul)"),
    "baliho": N_("baliho"),
    "shop-sign": N_("papan nama usaha"),
    "other": N_("bentuk lain"),
}
# The largest billboards of the world have a side of some 100 m.
MAX_SIDE_M = 200.0
MAX_RUPIAH = 1_000_000_000


@dataclass(frozen=True, slots=True)
class BillboardLine:
    """One billboard; ``potential`` is rupiah a month, ``None`` where size or tariff is not known."""

    first: Finding
    facts: Billboard
    camera: str
    site: str
    times: int
    last_at: datetime
    potential: int | None

    @property
    def area_m2(self) -> float | None:
        """Its size, when both sides are known."""
        return area_of(self.facts)

    def standing(self, today: date) -> str:
        """Return ``gone``, ``permitted``, ``expired`` or ``none``: what is known of its permit."""
        if self.facts.is_gone:
            return "gone"
        if not self.facts.permit:
            return "none"
        is_over = self.facts.valid_until is not None and self.facts.valid_until < today
        return "expired" if is_over else "permitted"


@dataclass(frozen=True, slots=True)
class MonthOfBillboards:
    """One month: new billboards found, found again, and what the new ones could bring a month.

    ``unknown`` of the new ones have no size or no tariff and are in no sum.
    """

    month: str
    new: int
    again: int
    potential: int | None
    unknown: int


def billboards(db: Session) -> Sequence[BillboardLine]:
    """Return every billboard that was found, by point and then the newest first."""
    again = (
        select(Finding.first_id, func.count().label("times"), func.max(Finding.taken_at).label("last_at"))
        .where(Finding.first_id.is_not(None))
        .group_by(Finding.first_id)
        .subquery()
    )
    rows = db.execute(
        select(
            Finding, Billboard, CityCamera.name, Site.name, again.c.times, again.c.last_at,
            BillboardTariff.rupiah_m2_month,
        )
        .join(Billboard, Billboard.finding == Finding.id)
        .join(
            CityCamera,
            and_(CityCamera.device == Finding.device, CityCamera.id == Finding.camera),
            isouter=True,
        )
        .join(Site, Site.id == Finding.site, isouter=True)
        .join(again, again.c.first_id == Finding.id, isouter=True)
        .join(BillboardTariff, BillboardTariff.form == Billboard.form, isouter=True)
        .where(Finding.kind == FindingKind.BILLBOARD, Finding.first_id.is_(None))
        .order_by(Site.name, Finding.taken_at.desc())
    )  # fmt: skip
    return [
        BillboardLine(
            first=finding,
            facts=facts,
            camera=camera or f"{finding.device}/{finding.camera}",
            site=site or finding.site,
            times=1 + (times or 0),
            last_at=max(finding.taken_at, last_at or finding.taken_at),
            potential=potential_rupiah(area_of(facts), tariff),
        )
        for finding, facts, camera, site, times, last_at, tariff in rows
    ]


def months(
    db: Session, lines: Iterable[BillboardLine], *, zone: ZoneInfo, today: date
) -> Sequence[MonthOfBillboards]:
    """Return the totals of each month in which something was found, the newest first.

    Billboards with a permit in force, and findings that were rejected, have no potential.
    """
    new: dict[str, list[BillboardLine]] = {}
    for line in lines:
        new.setdefault(_month(line.first.taken_at, zone), []).append(line)
    again: dict[str, int] = {}
    rows = db.scalars(
        select(Finding.taken_at).where(Finding.kind == FindingKind.BILLBOARD, Finding.first_id.is_not(None))
    )
    for at in rows:
        again[_month(at, zone)] = again.get(_month(at, zone), 0) + 1
    return [
        _total(name, new.get(name, []), again.get(name, 0), today)
        for name in sorted({*new, *again}, reverse=True)
    ]


def set_facts(db: Session, number: int, facts: Billboard, *, actor: str, now: datetime) -> None:
    """Write what is known of a billboard.

    Raises:
        InputError: the finding shows no billboard, or a value cannot be.
    """
    row = db.get(Billboard, number)
    if row is None:
        raise InputError("Temuan ini bukan reklame, atau tergabung dengan temuan lain.")
    if facts.form and facts.form not in FORMS:
        raise InputError("Pilih bentuk reklamenya.")
    for side in (facts.width_m, facts.height_m):
        if side is not None and not 0 < side <= MAX_SIDE_M:
            raise InputError("Ukuran reklame dalam meter, lebih dari 0 dan paling besar 200.")
    row.form, row.width_m, row.height_m = facts.form, facts.width_m, facts.height_m
    row.permit, row.valid_until, row.is_gone = facts.permit[:60], facts.valid_until, facts.is_gone
    audit.append(db, at=now, actor=actor, action="billboard.facts", target=f"finding:{number}")


def set_tariff(db: Session, tariff: BillboardTariff, *, actor: str) -> None:
    """Write what the city takes for a form of billboard; zero takes the tariff away.

    Raises:
        InputError: no such form, an impossible amount, or no regulation is named.
    """
    if tariff.form not in FORMS:
        raise InputError("Pilih bentuk reklamenya.")
    if not 0 <= tariff.rupiah_m2_month <= MAX_RUPIAH:
        raise InputError("Tarif dalam rupiah per m² per bulan, antara 0 dan 1.000.000.000.")
    held = db.get(BillboardTariff, tariff.form)
    if tariff.rupiah_m2_month == 0:
        if held is not None:
            db.delete(held)
    elif not tariff.basis.strip():
        raise InputError("Sebutkan dasar tarifnya, misalnya nomor peraturan.")
    else:
        db.merge(tariff)
    audit.append(
        db,
        at=tariff.set_at,
        actor=actor,
        action="billboard.tariff",
        target=f"tariff:{tariff.form}",
        detail=str(tariff.rupiah_m2_month),
    )


def area_of(facts: Billboard) -> float | None:
    """Return the size of a billboard in square metres, when both sides are known."""
    if facts.width_m is None or facts.height_m is None:
        return None
    return facts.width_m * facts.height_m


def tariffs(db: Session) -> Sequence[BillboardTariff]:
    """Return the tariffs that the city entered."""
    return db.scalars(select(BillboardTariff).order_by(BillboardTariff.form)).all()


def first_with_facts(db: Session, finding: Finding) -> Billboard | None:
    """Return what is known of the billboard that a finding shows."""
    number = finding.first_id or finding.id
    return db.scalars(select(Billboard).where(Billboard.finding == number)).one_or_none()


def _month(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m")


def _total(month: str, new: Sequence[BillboardLine], again: int, today: date) -> MonthOfBillboards:
    counted = [
        line
        for line in new
        if line.standing(today) in ("none", "expired") and line.first.state != State.REJECTED
    ]
    known = [line.potential for line in counted if line.potential is not None]
    return MonthOfBillboards(month, len(new), again, sum(known) if known else None, len(counted) - len(known))

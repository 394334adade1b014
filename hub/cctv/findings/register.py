"""The register of findings: which are asked for, within reach, with their names. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from hub.cctv.findings.kinds import FindingKind
from hub.cctv.findings.models import Finding, FindingStep
from hub.cctv.findings.rules import OPEN, State, is_overdue
from hub.errors import NotFoundError
from hub.people.models import Account, Opd
from hub.people.reach import Reach
from hub.places.models import CityCamera, Kelurahan, Site

PAGE = 50
_Query = Select[Finding, str, str, str, str, str]
MOST_IN_FILE = 20_000
OPEN_WORD = "open"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; empty is everything. ``state`` may be ``open``."""

    state: str = ""
    kind: str = ""
    opd: int | None = None
    text: str = ""
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding with the names that it stands for; ``times`` is how often it was found."""

    finding: Finding
    camera: str
    site: str
    kelurahan: str
    opd: str
    maker: str
    times: int

    @property
    def kind(self) -> FindingKind:
        """What was found."""
        return FindingKind(self.finding.kind)

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.finding.state)

    def is_late(self, today: date) -> bool:
        """Return whether somebody should have acted by now."""
        return is_overdue(self.state, self.finding.due_on, today)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of the history."""

    step: FindingStep
    who: str
    opd: str


class Register:
    """The findings that somebody may see: of the whole city, or those that were sent to their OPD."""

    def __init__(self, db: Session, reach: Reach) -> None:
        """Take a session and how far ``finding.see`` reaches."""
        self._db, self._reach = db, reach

    def find(
        self, wanted: Filter, today: date, *, most: int = MOST_IN_FILE, skip: int = 0
    ) -> Sequence[FindingLine]:
        """Return findings, the newest first."""
        query = self._query().where(*_conditions(wanted, today))
        query = query.order_by(Finding.made_at.desc(), Finding.id.desc()).limit(most).offset(skip)
        return self._lines(query)

    def one(self, number: int) -> FindingLine:
        """Return one finding.

        Raises:
            NotFoundError: there is none, or it is not theirs to see.
        """
        found = self._lines(self._query().where(Finding.id == number))
        if not found:
            raise NotFoundError(f"finding {number}")
        return found[0]

    def history(self, number: int) -> Sequence[StepLine]:
        """Return what happened to a finding that may be seen, oldest first."""
        self.one(number)
        rows = self._db.execute(
            select(FindingStep, Account.display_name, Opd.name)
            .join(Account, Account.id == FindingStep.account_id)
            .join(Opd, Opd.number == FindingStep.opd, isouter=True)
            .where(FindingStep.finding == number)
            .order_by(FindingStep.id)
        )
        return [StepLine(step, who, opd or "") for step, who, opd in rows]

    def of_same_thing(self, line: FindingLine) -> Sequence[FindingLine]:
        """Return the other findings of the same thing that may be seen."""
        first = line.finding.first_id or line.finding.id
        same = or_(Finding.id == first, Finding.first_id == first)
        query = self._query().where(same, Finding.id != line.finding.id).order_by(Finding.id.desc())
        return self._lines(query)

    def counts(self) -> dict[State, int]:
        """Return how many there are in each state."""
        rows = self._db.execute(
            select(Finding.state, func.count()).where(self._within()).group_by(Finding.state)
        )
        found = {State(state): count for state, count in rows}
        return {state: found.get(state, 0) for state in State}

    def _within(self) -> ColumnElement[bool]:
        if self._reach.is_city:
            return true()
        # What is not sent yet is nobody's business but the control room's.
        return Finding.opd.in_(self._reach.opds) if self._reach.opds else false()

    def _query(self) -> _Query:
        return (
            select(
                Finding, CityCamera.name, Site.name, Kelurahan.name, Opd.name, Account.display_name
            )
            .join(CityCamera, _is_its_camera(), isouter=True)
            .join(Site, Site.id == Finding.site, isouter=True)
            .join(Kelurahan, Kelurahan.code == Site.kelurahan, isouter=True)
            .join(Opd, Opd.number == Finding.opd, isouter=True)
            .join(Account, Account.id == Finding.made_by)
            .where(self._within())
        )  # fmt: skip

    def _lines(self, query: _Query) -> Sequence[FindingLine]:
        rows = self._db.execute(query).all()
        firsts = {row[0].first_id or row[0].id for row in rows}
        again = select(Finding.first_id, func.count()).where(Finding.first_id.in_(firsts))
        counted = dict(self._db.execute(again.group_by(Finding.first_id)).all())
        return [
            FindingLine(
                finding,
                camera or f"{finding.device}/{finding.camera}",
                site or finding.site,
                ward or "",
                opd or "",
                maker,
                1 + counted.get(finding.first_id or finding.id, 0),
            )
            for finding, camera, site, ward, opd, maker in rows
        ]


def _is_its_camera() -> ColumnElement[bool]:
    return and_(CityCamera.device == Finding.device, CityCamera.id == Finding.camera)


def open_findings(db: Session) -> int:
    """Return how many findings of the whole city wait for somebody."""
    return db.scalars(select(func.count()).where(Finding.state.in_(OPEN))).one()


def _conditions(wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state == OPEN_WORD or wanted.is_overdue:
        conditions.append(Finding.state.in_(OPEN))
    elif wanted.state:
        conditions.append(Finding.state == wanted.state)
    if wanted.is_overdue:
        conditions.append(Finding.due_on < today)
    if wanted.kind:
        conditions.append(Finding.kind == wanted.kind)
    if wanted.opd is not None:
        conditions.append(Finding.opd == wanted.opd)
    if wanted.text:
        words = func.coalesce(CityCamera.name, "") + " " + func.coalesce(Site.name, "") + " " + Finding.note
        conditions.append(words.icontains(wanted.text, autoescape=True))
    return conditions

"""Who may hand out what: a readable table. Nobody hands out what he does not hold himself."""

from datetime import UTC, datetime

import pytest

from hub.people.grants.holding import Hold, covers
from hub.people.permissions import Role, ScopeKind

CITY, OPD, UNIT, SITE = ScopeKind.CITY, ScopeKind.OPD, ScopeKind.UNIT, ScopeKind.SITE
JUNE, JULY = datetime(2026, 6, 30, tzinfo=UTC), datetime(2026, 7, 31, tzinfo=UTC)
UNITS = {11: 1, 21: 2}

ADMIN = Hold(Role.ADMIN, CITY, "")
BKPSDM = Hold(Role.PERSONNEL, CITY, "")
OFFICER = Hold(Role.PERSONNEL, OPD, "1")
ACTING = Hold(Role.PERSONNEL, OPD, "1", JUNE)
SUPERIOR = Hold(Role.SUPERIOR, OPD, "1")


@pytest.mark.parametrize(
    ("own", "wanted", "may"),
    [
        ([ADMIN], Hold(Role.ADMIN, CITY, ""), True),
        ([ADMIN], Hold(Role.OPERATOR, SITE, "balai"), True),
        ([ADMIN], Hold(Role.SUPERIOR, UNIT, "21"), True),
        ([BKPSDM], Hold(Role.ADMIN, CITY, ""), False),
        ([BKPSDM], Hold(Role.PERSONNEL, OPD, "2"), True),
        ([BKPSDM], Hold(Role.SUPERIOR, OPD, "2"), False),
        ([BKPSDM], Hold(Role.OPERATOR, CITY, ""), False),
        ([OFFICER], Hold(Role.PERSONNEL, OPD, "1"), True),
        ([OFFICER], Hold(Role.PERSONNEL, UNIT, "11"), True),
        ([OFFICER], Hold(Role.PERSONNEL, UNIT, "21"), False),
        ([OFFICER], Hold(Role.PERSONNEL, UNIT, "99"), False),
        ([OFFICER], Hold(Role.PERSONNEL, UNIT, "x"), False),
        ([OFFICER], Hold(Role.PERSONNEL, OPD, "2"), False),
        ([OFFICER], Hold(Role.PERSONNEL, CITY, ""), False),
        ([OFFICER], Hold(Role.SUPERIOR, OPD, "1"), False),
        ([OFFICER, SUPERIOR], Hold(Role.SUPERIOR, OPD, "1"), True),
        ([OFFICER], Hold(Role.EMPLOYEE, CITY, ""), True),
        ([ACTING], Hold(Role.PERSONNEL, OPD, "1", JUNE), True),
        ([ACTING], Hold(Role.PERSONNEL, OPD, "1", JULY), False),
        ([ACTING], Hold(Role.PERSONNEL, OPD, "1"), False),
        ([Hold(Role.PERSONNEL, UNIT, "11")], Hold(Role.PERSONNEL, OPD, "1"), False),
        ([Hold(Role.PERSONNEL, SITE, "balai")], Hold(Role.PERSONNEL, SITE, "balai"), True),
        ([], Hold(Role.EMPLOYEE, CITY, ""), False),
    ],
)
def test_a_role_is_handed_out_only_by_who_holds_it(own: list[Hold], wanted: Hold, may: bool) -> None:
    assert covers(own, wanted, UNITS) is may

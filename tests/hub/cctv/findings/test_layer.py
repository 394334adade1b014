"""Findings on the map: for who may see findings, and late ones told apart."""

import re
from datetime import date

from hub.cctv.findings.models import Finding
from hub.people.permissions import Role, ScopeKind
from tests.hub.screens import Screens


def marks(city: Screens, *roles: Role, **scope: object) -> list[tuple[str, str]]:
    page = city.signed_in(*roles, **scope).get("/peta?lapisan=findings").get_data(as_text=True)  # type: ignore[arg-type]  # a kind and its id
    return re.findall(r'class="map-mark tone-(\w+)" href="([^"]+)"', page)


def test_open_findings_stand_at_their_point_the_late_ones_in_red(city: Screens) -> None:
    with city.database.writing() as db:
        finding = db.get_one(Finding, 1)
        finding.state, finding.due_on = "sent", date(2026, 12, 31)
        site = finding.site
    assert marks(city, Role.OPERATOR) == [("warn", "/temuan/1")]
    with city.database.writing() as db:
        db.get_one(Finding, 1).due_on = date(2026, 11, 20)
    assert marks(city, Role.OPERATOR) == [("bad", "/temuan/1")]
    assert marks(city, Role.EXECUTIVE, kind=ScopeKind.SITE, scope=site) == [], "as in the register"
    assert marks(city, Role.TECHNICIAN) == [], "who may not see findings sees none on the map either"
    with city.database.writing() as db:
        db.get_one(Finding, 1).state = "done"
    assert marks(city, Role.OPERATOR) == []

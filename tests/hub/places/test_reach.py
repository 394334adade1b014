"""What of the inventory a viewer sees: the city, an area, a point, or the cameras of an OPD today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

import pytest
from sqlalchemy import select

from hub.db import Database
from hub.people.models import Account, Opd, RoleGrant
from hub.people.permissions import Permission, Role, ScopeKind
from hub.people.sessions import Viewer
from hub.places.models import CameraOwner
from hub.places.reach import EVERYWHERE, PlaceReach, may_see_camera, place_reach
from hub.places.service import load_inventory
from tests.browser.sample import INVENTORY
from tests.hub.places.test_inventory import convert

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
TODAY = date(2026, 11, 21)
DISHUB, DISKOMINFO = 7, 8


@dataclass(frozen=True)
class _Town:
    database: Database
    numbers: Iterator[int]

    def reach(self, *grants: tuple[Role, ScopeKind, str], at: datetime = NOW) -> PlaceReach:
        """What somebody with these grants sees of cameras."""
        with self.database.writing() as db:
            account = Account(
                name=f"account{next(self.numbers)}",
                display_name="",
                password_hash="",
                must_change_password=False,
                created_at=NOW,
            )
            db.add(account)
            db.flush()
            for role, kind, scope in grants:
                db.add(
                    RoleGrant(
                        account_id=account.id, role=role, scope_kind=kind, scope_id=scope, valid_from=NOW
                    )
                )
            db.flush()
            viewer = Viewer(account.id, account.name, "", 0, frozenset(), False, False)
            return place_reach(db, viewer, Permission.CAMERA_SEE, at)


@pytest.fixture
def town(database: Database) -> _Town:
    with database.writing() as db:
        load_inventory(db, convert(INVENTORY), TODAY)
        db.add(Opd(number=DISHUB, name="DINAS  Perhubungan"))
        db.add(Opd(number=DISKOMINFO, name="Dinas Komunikasi dan Informatika"))
    return _Town(database, count())


@pytest.mark.parametrize(
    ("kind", "scope", "sites"),
    [
        (ScopeKind.KECAMATAN, "61.71.05", {"jawi", "balai"}),
        (ScopeKind.KECAMATAN, "61.71.06", set()),
        (ScopeKind.KELURAHAN, "61.71.04.1004", {"tugu"}),
        (ScopeKind.SITE, "balai", {"balai"}),
        (ScopeKind.SITE, "monas", set()),
        (ScopeKind.UNIT, "11", set()),
    ],
)
def test_an_area_is_seen_whole_and_nothing_beyond(
    town: _Town, kind: ScopeKind, scope: str, sites: set[str]
) -> None:
    reach = town.reach((Role.EXECUTIVE, kind, scope))
    assert reach.sites == frozenset(sites)
    assert reach.is_empty == (not sites)
    assert not reach.is_city
    for site, device, camera in (("jawi", "pi-jawi", "utara"), ("tugu", "pi-tugu", "plaza")):
        assert reach.holds_site(site) == reach.touches_site(site) == (site in sites)
        assert reach.holds_device(device) == reach.holds_camera(device, camera) == (site in sites)


def test_grants_add_up_and_a_role_without_the_permission_adds_nothing(town: _Town) -> None:
    reach = town.reach(
        (Role.EXECUTIVE, ScopeKind.KELURAHAN, "61.71.04.1004"),
        (Role.EXECUTIVE, ScopeKind.SITE, "balai"),
        (Role.PERSONNEL, ScopeKind.CITY, ""),
    )
    assert reach.sites == frozenset({"tugu", "balai"})
    assert town.reach((Role.EMPLOYEE, ScopeKind.KECAMATAN, "61.71.05")).is_empty


def test_the_city_is_all(town: _Town) -> None:
    reach = town.reach((Role.EXECUTIVE, ScopeKind.CITY, ""), (Role.EXECUTIVE, ScopeKind.SITE, "balai"))
    assert reach == EVERYWHERE
    assert reach.is_city
    assert reach.holds_camera("nobody", "knows")
    assert reach.holds_site("x")
    assert not reach.is_empty


def test_an_opd_sees_its_cameras_and_not_what_hangs_beside_them(town: _Town) -> None:
    reach = town.reach((Role.EXECUTIVE, ScopeKind.OPD, str(DISHUB)))
    assert reach.cameras == {("pi-jawi", "utara")}
    assert reach.holds_camera("pi-jawi", "utara")
    assert not reach.holds_camera("pi-jawi", "selatan")
    assert not reach.holds_device("pi-jawi")
    assert reach.touches_site("jawi")
    assert not reach.holds_site("jawi")
    assert not reach.is_empty


def test_an_opd_and_its_short_name_are_one_owner(town: _Town) -> None:
    reach = town.reach((Role.EXECUTIVE, ScopeKind.OPD, str(DISKOMINFO)))
    assert {("pi-jawi", "selatan"), ("pi-tugu", "plaza")} < reach.cameras
    assert not reach.holds_camera("pi-jawi", "utara")


def test_an_owner_counts_from_its_day_and_not_after_its_last(town: _Town) -> None:
    with town.database.writing() as db:
        row = db.scalars(select(CameraOwner).where(CameraOwner.camera == "utara")).one()
        row.valid_to = date(2026, 11, 22)
        db.add(
            CameraOwner(device="pi-jawi", camera="utara", owner="Diskominfo", valid_from=date(2026, 11, 22))
        )
    # 17.00 UTC is midnight in the city.
    before, after = datetime(2026, 11, 21, 16, 59, tzinfo=UTC), datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    of_dishub = (Role.EXECUTIVE, ScopeKind.OPD, str(DISHUB))
    of_diskominfo = (Role.EXECUTIVE, ScopeKind.OPD, str(DISKOMINFO))
    for at, grant, is_seen in (
        (before, of_dishub, True),
        (before, of_diskominfo, False),
        (after, of_dishub, False),
        (after, of_diskominfo, True),
    ):
        assert town.reach(grant, at=at).holds_camera("pi-jawi", "utara") is is_seen


@pytest.mark.parametrize("scope", ["", "x", "999", "9" * 20])
def test_a_scope_that_names_no_opd_reaches_nothing(town: _Town, scope: str) -> None:
    assert town.reach((Role.EXECUTIVE, ScopeKind.OPD, scope)).is_empty


def test_a_viewer_whose_city_grant_is_known_costs_no_query(town: _Town) -> None:
    viewer = Viewer(1, "op", "", 0, frozenset({Permission.CAMERA_SEE}), False, False)
    with town.database.reading() as db:
        assert place_reach(db, viewer, Permission.CAMERA_SEE, NOW) is EVERYWHERE


def test_a_stream_asks_for_one_camera(town: _Town) -> None:
    city = Viewer(1, "op", "", 0, frozenset({Permission.CAMERA_LIVE}), False, False)
    nobody = Viewer(1, "op", "", 0, frozenset(), False, False)
    somewhere = Viewer(1, "op", "", 0, frozenset(), False, False, frozenset({Permission.CAMERA_LIVE}))
    with town.database.reading() as db:
        told = [
            may_see_camera(db, who, Permission.CAMERA_LIVE, ("pi-jawi", "utara"), NOW)
            for who in (city, nobody, somewhere)
        ]
    assert told == [True, False, False], "account 1 holds no grant"

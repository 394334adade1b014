"""Rollouts on a database: ring by ring, stopped by failures, steered by people, told by devices."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from edge.wire.updates import UpdateFault, UpdateState
from hub.alarms.kinds import AlarmKind
from hub.alarms.models import Alarm
from hub.alarms.watching.conditions import Keeper
from hub.alarms.words import indonesian_sentence
from hub.errors import InputError
from hub.people.models import AuditEntry
from hub.updates.conditions import rollout_conditions
from hub.updates.models import DeviceUpdate, RolloutDevice
from hub.updates.releases import add_release, bundle_path, find_release
from hub.updates.rings import places_of, put_in_ring, set_settle_minutes
from hub.updates.rollouts import change_rollout, devices_of, try_again
from hub.updates.rules import RolloutState
from tests.hub.updates.conftest import BOARD, Fleet


def asked(fleet: Fleet) -> dict[str, str]:
    with fleet.screens.database.reading() as db:
        return {row.device: row.state for row in devices_of(db, fleet.rollout())}


def two_rings(fleet: Fleet) -> None:
    for device in ("pi-jawi", "pi-tugu"):
        fleet.says(device, UpdateState.IDLE)
    fleet.put("pi-jawi", "uji")


def alarms_of(fleet: Fleet, keeper: Keeper) -> list[str]:
    keeper()
    with fleet.screens.database.reading() as db:
        standing = db.scalars(select(Alarm).where(Alarm.cleared_at.is_(None)))
        return [indonesian_sentence(AlarmKind(one.kind), json.loads(one.facts)) for one in standing]


def test_a_release_goes_from_ring_to_ring_when_each_was_well(fleet: Fleet) -> None:
    two_rings(fleet)
    fleet.start(fleet.add())
    assert asked(fleet) == {"pi-jawi": ""}
    fleet.says("pi-jawi", UpdateState.TRYING, "1.1", running=7)
    fleet.advance(minutes=5)
    assert fleet.rollout().place == 0
    fleet.says("pi-jawi", UpdateState.COMMITTED, "1.1", running=7)
    fleet.advance(minutes=59)
    assert fleet.rollout().place == 0
    fleet.advance(minutes=2)
    # The second ring is empty, so the third follows at the next look.
    fleet.advance(seconds=5)
    assert (fleet.rollout().place, fleet.rollout().state) == (2, RolloutState.RUNNING)
    assert asked(fleet) == {"pi-jawi": "committed", "pi-tugu": ""}
    fleet.says("pi-tugu", UpdateState.COMMITTED, "1.1", running=7)
    fleet.advance(seconds=5)
    assert fleet.rollout().state == RolloutState.COMPLETED
    # One that is fitted later, or comes back, is asked as well.
    fleet.says("pi-balai", UpdateState.IDLE)
    fleet.advance(seconds=5)
    assert asked(fleet)["pi-balai"] == ""


def test_too_many_failures_pause_a_rollout_and_a_person_goes_on(fleet: Fleet) -> None:
    two_rings(fleet)
    fleet.start(fleet.add())
    fleet.screens.clock.advance(minutes=1)
    fleet.says("pi-jawi", UpdateState.RETURNED, "1.1", fault=UpdateFault.NOT_HEARD)
    fleet.advance(seconds=5)
    row = fleet.rollout()
    assert (row.state, row.changed_by) == (RolloutState.PAUSED, "system")
    assert row.reason == "1 dari 1 perangkat gagal, batas 10 %"
    keeper = Keeper(database=fleet.screens.database, sources=(rollout_conditions,), now=lambda: fleet.now)
    assert alarms_of(fleet, keeper) == [
        f"Penyebaran 0.7.0 ({BOARD}) berhenti sendiri: 1 dari 1 perangkat gagal, batas 10 %"
    ]
    with fleet.screens.database.writing() as db:
        row = db.merge(row)
        change_rollout(db, row, RolloutState.RUNNING, actor="uji", now=fleet.now)
        try_again(db, row, "pi-jawi", actor="uji", now=fleet.now)
    assert alarms_of(fleet, keeper) == []
    fleet.advance(seconds=5)
    assert fleet.rollout().state == RolloutState.RUNNING
    # The late word of the first try changes nothing; that of the second does.
    fleet.says("pi-jawi", UpdateState.RETURNED, "1.1")
    assert asked(fleet) == {"pi-jawi": ""}
    fleet.says("pi-jawi", UpdateState.COMMITTED, "1.2", running=7)
    assert asked(fleet) == {"pi-jawi": "committed"}
    with fleet.screens.database.writing() as db, pytest.raises(InputError, match="tidak sedang gagal"):
        try_again(db, fleet.rollout(), "pi-jawi", actor="uji", now=fleet.now)
    with fleet.screens.database.reading() as db:
        actions = [row.action for row in db.scalars(select(AuditEntry))]
    assert {"release.add", "update.start", "update.paused", "update.running", "update.again"} <= set(actions)


def test_a_rollout_is_one_at_a_time_and_ends_where_it_is_told(fleet: Fleet) -> None:
    two_rings(fleet)
    first = fleet.add()
    fleet.start(first)
    second = fleet.add(8, b"other" * 99)
    with pytest.raises(InputError, match="belum selesai"):
        fleet.start(second)
    with fleet.screens.database.writing() as db:
        row = db.merge(fleet.rollout())
        change_rollout(db, row, RolloutState.CANCELLED, actor="uji", now=fleet.now)
    with fleet.screens.database.writing() as db:
        row = db.merge(fleet.rollout())
        with pytest.raises(InputError, match="muat ulang"):
            change_rollout(db, row, RolloutState.PAUSED, actor="uji", now=fleet.now)
    fleet.start(second)
    fleet.advance(seconds=5)
    assert fleet.rollout().release == second.id


def test_who_runs_it_already_has_taken_it_and_who_runs_a_newer_one_is_left_alone(fleet: Fleet) -> None:
    fleet.says("pi-jawi", UpdateState.IDLE, running=7)
    fleet.says("pi-tugu", UpdateState.IDLE, running=9)
    fleet.says("pi-balai", UpdateState.IDLE, board="virt")
    for device in ("pi-jawi", "pi-tugu", "pi-balai"):
        fleet.put(device, "uji")
    fleet.start(fleet.add())
    assert asked(fleet) == {"pi-jawi": "committed"}


def test_a_site_puts_its_devices_into_a_ring_and_a_device_may_differ(fleet: Fleet) -> None:
    with fleet.screens.database.writing() as db:
        put_in_ring(db, kind="site", target="jawi", ring="awal", actor="uji", now=fleet.now)
        put_in_ring(db, kind="site", target="tugu", ring="awal", actor="uji", now=fleet.now)
        put_in_ring(db, kind="device", target="pi-tugu", ring="uji", actor="uji", now=fleet.now)
    with fleet.screens.database.writing() as db:
        assert places_of(db) == {"pi-jawi": 1, "pi-tugu": 0, "pi-balai": 2}
        put_in_ring(db, kind="device", target="pi-tugu", ring="", actor="uji", now=fleet.now)
        set_settle_minutes(db, "uji", 5, actor="uji", now=fleet.now)
    with fleet.screens.database.writing() as db:
        assert places_of(db)["pi-tugu"] == 1
        for kind, target, ring in (("device", "none", "uji"), ("device", "pi-tugu", "none")):
            with pytest.raises(InputError):
                put_in_ring(db, kind=kind, target=target, ring=ring, actor="uji", now=fleet.now)
        with pytest.raises(InputError):
            set_settle_minutes(db, "none", 5, actor="uji", now=fleet.now)


def test_a_report_that_comes_late_or_speaks_of_nothing_changes_nothing(fleet: Fleet) -> None:
    two_rings(fleet)
    fleet.start(fleet.add())
    fleet.screens.clock.advance(minutes=10)
    fleet.says("pi-jawi", UpdateState.TRYING, "1.1", running=7)
    fleet.says("pi-jawi", UpdateState.DOWNLOADING, "1.1", at=fleet.now - timedelta(minutes=5))
    assert asked(fleet) == {"pi-jawi": "trying"}
    for order in ("", "x.y", "9.9", "1.7", "9" * 30 + ".1"):
        fleet.says("pi-jawi", UpdateState.FAILED, order, running=7)
    assert asked(fleet) == {"pi-jawi": "trying"}
    # One without slots keeps what was known of its board.
    fleet.says("pi-jawi", UpdateState.REFUSED, "1.1", running=0, board="", fault=UpdateFault.UNSUPPORTED)
    with fleet.screens.database.reading() as db:
        row = db.get_one(DeviceUpdate, "pi-jawi")
        assert (row.board, row.running_number, row.fault) == (BOARD, 7, "unsupported")
        assert db.get_one(RolloutDevice, (1, "pi-jawi")).state == "refused"


def test_a_release_is_kept_by_its_checksum_and_its_number_only_rises(fleet: Fleet, tmp_path: Path) -> None:
    release = fleet.add()
    assert bundle_path(fleet.folder / "releases", release.sha256).read_bytes() == b"bundle" * 1000
    with pytest.raises(InputError, match="take 8 or more"):
        fleet.add()
    with pytest.raises(InputError, match="no bundle"):
        fleet.add(8, b"")
    with fleet.screens.database.writing() as db:
        with pytest.raises(InputError, match="No such file"):
            add_release(
                db,
                tmp_path / "none",
                folder=tmp_path,
                board="rpi",
                number=9,
                name="x",
                notes="",
                actor="uji",
                now=fleet.now,
            )
        assert find_release(db, board="rpi", number=7).id == release.id
        with pytest.raises(InputError, match="no release 99"):
            find_release(db, board="rpi", number=99)

"""Presence: births, wills, records and silence."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from edge.wire.messages import Offline, OfflineReason, encode
from edge.wire.topics import UpChannel
from hub.ingest.models import DevicePresence
from hub.ingest.presence import GRACE
from tests.hub.ingest.rig import BOOT, DEVICE, EPOCH, NOW, Rig, batch_of, message_of, online, reading


def presence(rig: Rig, device: str = DEVICE) -> DevicePresence:
    with rig.database.reading() as session:
        return session.get_one(DevicePresence, device)


def said(payload: bytes, rig: Rig) -> object:
    return message_of(payload, channel=UpChannel.STATE, received_at=rig.clock.now)


def offline(boot_id: str = BOOT, reason: OfflineReason = OfflineReason.WILL) -> bytes:
    return encode(Offline(boot_id=boot_id, reason=reason))


def pass_grace(rig: Rig) -> None:
    rig.clock.advance(GRACE.total_seconds() + 1)
    rig.turn()


def test_a_birth_and_a_goodbye(rig: Rig) -> None:
    rig.give(said(online(roster_version=4), rig))
    born = presence(rig)
    assert (born.is_online, born.since, born.boot_id, born.epoch) == (True, NOW, BOOT, EPOCH)
    assert (born.firmware, born.hardware, born.clock, born.roster_version) == ("1.0", "rpi5", "synced", 4)

    rig.clock.advance(60)
    gone_at = rig.clock.now
    rig.give(said(offline(reason=OfflineReason.POWER), rig))
    gone = presence(rig)
    assert (gone.is_online, gone.reason, gone.since, gone.last_seen_at) == (False, "power", gone_at, NOW)

    rig.clock.advance(60)
    back_at = rig.clock.now
    rig.give(said(online(), rig))
    back = presence(rig)
    assert (back.is_online, back.reason, back.since) == (True, "", back_at)


def test_a_second_birth_does_not_begin_a_new_time_online(rig: Rig) -> None:
    rig.give(said(online(), rig))
    rig.clock.advance(60)
    again_at = rig.clock.now
    rig.give(said(online(boot_id="f" * 32), rig))
    assert (presence(rig).since, presence(rig).last_seen_at) == (NOW, again_at)
    assert presence(rig).boot_id == "f" * 32


def test_the_will_of_an_earlier_boot_says_nothing(rig: Rig) -> None:
    rig.give(said(online(boot_id="f" * 32), rig))
    rig.give(said(offline(), rig))
    assert presence(rig).is_online


def test_a_device_whose_connection_broke_has_time_to_come_back(rig: Rig) -> None:
    rig.give(said(online(), rig))
    rig.clock.advance(60)
    broke_at = rig.clock.now
    rig.give(said(offline(), rig))
    rig.clock.advance(9)
    rig.turn()
    assert (presence(rig).is_online, presence(rig).since) == (True, NOW)
    rig.clock.advance(2)
    rig.turn()
    # Since the break, and not since it was believed.
    assert (presence(rig).is_online, presence(rig).since) == (False, broke_at)
    assert presence(rig).reason == "will"


def test_a_device_that_comes_back_in_time_was_never_away(rig: Rig) -> None:
    rig.give(said(online(), rig))
    rig.clock.advance(60)
    rig.give(said(offline(), rig))
    rig.clock.advance(5)
    rig.give(said(online(), rig))
    rig.clock.advance(60)
    rig.turn()
    assert (presence(rig).is_online, presence(rig).since) == (True, NOW)


def test_records_that_were_on_their_way_do_not_end_the_grace(rig: Rig) -> None:
    rig.give(said(online(), rig))
    rig.clock.advance(60)
    rig.give(said(offline(), rig))
    rig.clock.advance(5)
    rig.give(message_of(batch_of(reading(1)), received_at=rig.clock.now))
    rig.clock.advance(6)
    rig.turn()
    assert not presence(rig).is_online


def test_a_will_that_the_birth_of_the_next_connection_overtook_says_nothing(rig: Rig) -> None:
    rig.give(said(online(), rig))
    rig.clock.advance(60)
    late = said(offline(), rig)
    rig.clock.advance(1)
    rig.give(said(online(), rig))
    rig.give(late)
    rig.clock.advance(60)
    rig.turn()
    assert presence(rig).is_online


def test_a_grace_outlives_the_hub(rig: Rig, make_rig: Callable[..., Rig]) -> None:
    rig.give(said(online(), rig))
    rig.give(said(offline(), rig))
    again = make_rig()
    again.clock.now = rig.clock.now + GRACE
    again.turn()
    assert not presence(again).is_online


def test_a_will_of_a_device_that_was_never_seen_is_noted(rig: Rig) -> None:
    rig.give(said(offline(), rig))
    assert (presence(rig).is_online, presence(rig).reason) == (False, "will")


def test_a_last_gasp_outlives_the_records_and_the_will_that_follow_it(rig: Rig) -> None:
    rig.give(said(online(), rig))
    rig.give(said(offline(reason=OfflineReason.POWER), rig))
    rig.clock.advance(60)
    rig.give(message_of(batch_of(reading(1)), received_at=rig.clock.now))
    assert (presence(rig).is_online, presence(rig).reason) == (True, "power")
    rig.give(said(offline(), rig))
    pass_grace(rig)
    assert (presence(rig).is_online, presence(rig).reason) == (False, "power")
    rig.give(said(online(), rig))
    assert (presence(rig).is_online, presence(rig).reason) == (True, "")


def test_records_bring_a_device_back_whose_birth_was_missed(rig: Rig) -> None:
    rig.give(said(online(), rig))
    rig.give(said(offline(), rig))
    pass_grace(rig)
    came_at = rig.clock.now
    rig.give(message_of(batch_of(reading(1)), received_at=came_at))
    assert (presence(rig).is_online, presence(rig).since, presence(rig).reason) == (True, came_at, "")
    assert presence(rig).firmware == "1.0", "what it said at birth stays"


def test_records_of_a_device_never_born_make_it_known(rig: Rig) -> None:
    rig.give(message_of(batch_of(reading(1))))
    assert (presence(rig).is_online, presence(rig).epoch, presence(rig).firmware) == (True, EPOCH, "")


def test_the_last_time_seen_is_not_written_with_every_record(rig: Rig) -> None:
    for seq in range(1, 30):
        rig.give(message_of(batch_of(reading(seq)), received_at=NOW + timedelta(seconds=seq)))
    assert presence(rig).last_seen_at == NOW + timedelta(seconds=26)


def test_a_device_that_is_silent_for_minutes_is_offline(rig: Rig) -> None:
    rig.give(said(online(), rig))
    rig.clock.advance(299)
    rig.turn()
    assert presence(rig).is_online
    rig.clock.advance(3)
    rig.turn()
    assert (presence(rig).is_online, presence(rig).reason) == (False, "silent")
    with rig.database.reading() as session:
        assert len(session.scalars(select(DevicePresence)).all()) == 1


def test_a_birth_that_its_own_will_overtook_by_another_worker_says_nothing(rig: Rig) -> None:
    early = said(online(), rig)
    rig.give(said(online(), rig))
    rig.clock.advance(1)
    rig.give(said(offline(), rig))
    rig.give(early)
    pass_grace(rig)
    assert not presence(rig).is_online
    rig.give(early)
    assert not presence(rig).is_online
    rig.clock.advance(1)
    rig.give(said(online(), rig))
    assert presence(rig).is_online

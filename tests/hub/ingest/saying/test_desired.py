"""Documents for devices: at birth, on change, a few at a time."""

from collections.abc import Callable

from edge.wire.messages import Desired, decode_desired
from edge.wire.topics import DownChannel, UpChannel, down
from hub.ingest.saying.desired import MOST_A_TURN
from tests.hub.ingest.rig import DEVICE, Rig, batch_of, message_of, online, reading


class Shelf:
    """A source with one document a version."""

    def __init__(self) -> None:
        self.version = 1
        self.changes: list[str] = []
        self.is_broken = False

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> list[Desired]:
        if self.is_broken:
            raise RuntimeError("no roster today")
        if roster_version >= self.version:
            return []
        return [Desired(document="roster", version=self.version, sealed="", signature="")]

    def changed(self) -> list[str]:
        changes, self.changes = self.changes, []
        return changes


def sent(rig: Rig, device: str = DEVICE) -> list[int]:
    topic = down(device, DownChannel.DESIRED)
    return [decode_desired(one.payload).version for one in rig.link.said if one.topic == topic]


def born(rig: Rig, device: str = DEVICE, *, roster_version: int = 0) -> object:
    payload = online(roster_version=roster_version)
    return message_of(payload, device=device, channel=UpChannel.STATE, received_at=rig.clock.now)


def test_a_birth_brings_what_is_newer_only(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(desired=Shelf())
    rig.give(born(rig, "pi-01"), born(rig, "pi-02", roster_version=1))
    assert sent(rig, "pi-01") == [1]
    assert sent(rig, "pi-02") == []


def test_a_change_is_sent_to_devices_that_are_there(make_rig: Callable[..., Rig]) -> None:
    shelf = Shelf()
    rig = make_rig(desired=shelf)
    rig.give(born(rig))
    shelf.version, shelf.changes = 2, [DEVICE, "pi-away"]
    rig.clock.advance(5)
    rig.turn()
    assert sent(rig) == [1, 2]
    assert sent(rig, "pi-away") == []


def test_the_first_record_after_a_restart_is_as_good_as_a_birth(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(desired=Shelf())
    for seq in (1, 2, 3):
        rig.give(message_of(batch_of(reading(seq)), received_at=rig.clock.now))
    assert sent(rig) == [1]


def test_a_city_that_comes_back_is_served_a_few_at_a_time(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(desired=Shelf())
    devices = [f"pi-{number:02}" for number in range(20)]
    rig.give(*[born(rig, device) for device in devices])
    assert sum(len(sent(rig, device)) for device in devices) == MOST_A_TURN
    rig.turn()
    rig.turn()
    assert sum(len(sent(rig, device)) for device in devices) == 20


def test_without_a_connection_it_is_sent_when_there_is_one(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(desired=Shelf())
    rig.link.is_connected = False
    rig.give(born(rig))
    rig.link.is_connected = True
    rig.turn()
    assert sent(rig) == [1]


def test_a_source_that_fails_stops_no_records(make_rig: Callable[..., Rig]) -> None:
    shelf = Shelf()
    shelf.is_broken = True
    rig = make_rig(desired=shelf)
    rig.give(born(rig), message_of(batch_of(reading(1))))
    assert rig.acknowledged() == {1}

"""Leases live as long as somebody watches; orders are answered or not."""

import threading

from edge.wire.live import LiveKind, LivePiece, pack_live
from edge.wire.messages import Reply, SendLive, SendThumbs, decode_command, encode
from hub.ingest.taking.link import Publish
from hub.live.desk import GRACE_S, LiveDesk
from hub.live.streams import CameraKey

KEY = CameraKey("pi-jawi", "utara")


class Device:
    """A link at whose other end a device obeys."""

    def __init__(self) -> None:
        self.said: list[Publish] = []
        self.is_connected = True
        self.answer: Reply | None = Reply(command="send-live", is_done=True)
        self.desk: LiveDesk | None = None
        self.is_started = False

    def start(self) -> None:
        self.is_started = True

    def stop(self) -> None:
        self.is_started = False

    def say(self, publish: Publish) -> bool:
        if not self.is_connected:
            return False
        self.said.append(publish)
        if publish.correlation and self.answer is not None and self.desk is not None:
            device = publish.topic.split("/")[3]
            self.desk.calls.answered(device, publish.correlation, encode(self.answer))
        return True

    @property
    def commands(self) -> list[object]:
        return [decode_command(publish.payload) for publish in self.said]


class Rig:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.device = Device()
        self.desk = LiveDesk(
            self.device, devices=lambda: ["pi-jawi", "pi-tugu"], monotonic=lambda: self.now_s
        )
        self.device.desk = self.desk


def live(lease_s: float = 30.0, known: int = 0) -> SendLive:
    return SendLive(camera="utara", lease_s=lease_s, known_stream=known)


def test_a_lease_is_kept_while_somebody_watches_and_ended_with_the_last() -> None:
    rig = Rig()
    first, second = rig.desk.watch(KEY), rig.desk.watch(KEY)
    rig.desk.turn()
    rig.desk.turn()
    assert rig.device.commands == [live()]
    for number, kind in enumerate([LiveKind.INIT, LiveKind.KEY]):
        rig.desk.streams.arrived(KEY, pack_live(LivePiece(kind, 9, number, b"x")))
    rig.now_s += 10
    rig.desk.turn()
    assert rig.device.commands[1:] == [live(known=9)]
    rig.desk.leave(first)
    rig.now_s += 5
    rig.desk.turn()
    assert len(rig.device.said) == 2
    rig.desk.leave(second)
    rig.desk.turn()
    assert rig.device.commands[2:] == [live(lease_s=0)]
    rig.desk.turn()
    assert len(rig.device.said) == 3


def test_a_beginning_that_was_missed_is_asked_for_again_soon() -> None:
    rig = Rig()
    rig.desk.watch(KEY)
    rig.desk.turn()
    rig.now_s += 2
    rig.desk.turn()
    assert rig.device.commands == [live(), live()]


def test_asking_waits_for_the_word_of_the_device() -> None:
    rig = Rig()
    reply = rig.desk.begin(KEY)
    assert reply is not None
    assert reply.is_done
    assert rig.device.said[0].qos == 1
    assert rig.device.said[0].response_topic == "pontive/1/up/pi-jawi/reply"
    # The browser that asked is on its way: the lease is not ended under it.
    rig.desk.turn()
    assert len(rig.device.said) == 1
    rig.now_s += GRACE_S
    rig.desk.turn()
    assert rig.device.commands[1:] == [live(lease_s=0)]


def test_a_device_that_does_not_answer_is_nobody() -> None:
    rig = Rig()
    rig.device.answer = None
    assert rig.desk.ask("pi-jawi", live(), timeout_s=0.01) is None
    rig.device.is_connected = False
    assert rig.desk.ask("pi-jawi", live(), timeout_s=5) is None


def test_an_answer_of_another_device_and_rubbish_are_not_believed() -> None:
    rig = Rig()
    rig.device.answer = None
    got: list[Reply | None] = []
    asking = threading.Thread(target=lambda: got.append(rig.desk.ask("pi-jawi", live(), timeout_s=10)))
    asking.start()
    while not rig.device.said:
        pass
    correlation = rig.device.said[0].correlation
    reply = Reply(command="send-live", is_done=True, detail="benar")
    rig.desk.calls.answered("pi-tugu", correlation, encode(reply))
    rig.desk.calls.answered("pi-jawi", b"live-other", encode(reply))
    rig.desk.calls.answered("pi-jawi", correlation, b"rubbish")
    assert asking.is_alive()
    rig.desk.calls.answered("pi-jawi", correlation, encode(reply))
    asking.join(240)
    assert got == [reply]


def test_thumbs_are_asked_of_all_devices_while_the_wall_is_looked_at() -> None:
    rig = Rig()
    rig.desk.turn()
    assert rig.device.said == []
    rig.desk.thumbs.arrived(KEY, b"early")
    assert rig.desk.thumbs.look() == {}
    rig.desk.turn()
    assert rig.device.commands == [SendThumbs(), SendThumbs()]
    rig.desk.thumbs.arrived(KEY, b"jpeg")
    rig.desk.thumbs.arrived(KEY, bytes(50_000))
    assert rig.desk.thumbs.look()[KEY].jpeg == b"jpeg"
    rig.now_s += 30
    rig.desk.turn()
    assert len(rig.device.said) == 4
    rig.now_s += 61
    rig.desk.turn()
    assert len(rig.device.said) == 4


def test_the_thread_keeps_leases_and_survives_trouble() -> None:
    rig = Rig()
    turns: list[int] = []

    def troubled() -> list[str]:
        turns.append(1)
        raise RuntimeError("the database is away")

    rig.desk._devices = troubled
    rig.desk.start()
    assert rig.device.is_started
    rig.desk.thumbs.look()
    rig.desk.watch(KEY)
    deadline = threading.Event()
    while len(turns) < 1 or not rig.device.said:
        assert not deadline.wait(0.01)
    rig.desk.stop()
    assert not rig.device.is_started
    assert live() in rig.device.commands


def test_without_a_link_nobody_answers() -> None:
    desk = LiveDesk()
    desk.start()
    assert desk.begin(KEY) is None
    desk.stop()


def test_a_window_lives_as_long_as_somebody_asks() -> None:
    rig = Rig()
    window = rig.desk.window(KEY, view=1, is_main=True)
    assert rig.desk.window(KEY, view=2, is_main=True) is window
    assert rig.desk.viewers_of(KEY) == 2
    rig.desk.turn()
    assert rig.device.commands == [SendLive(camera="utara", lease_s=30.0, quality="main")]
    rig.now_s += 11
    rig.desk.turn()
    assert window.is_over
    assert rig.desk.viewers_of(KEY) == 0
    rig.desk.turn()
    assert rig.device.commands[-1] == SendLive(camera="utara", lease_s=0, quality="main")
    assert rig.desk.window(KEY, view=1, is_main=True) is not window


def test_larger_pictures_are_asked_for_while_somebody_wants_them() -> None:
    rig = Rig()
    assert rig.desk.picture(KEY, view=4, after_s=0, timeout_s=0) is None
    assert rig.desk.viewers_of(KEY) == 1
    rig.desk.want(CameraKey("pi-jawi", "selatan"), 640)
    rig.desk.turn()
    rig.desk.turn()
    assert rig.device.commands == [SendThumbs(lease_s=10.0, width_px=640, cameras=("utara", "selatan"))]
    rig.now_s += 4
    rig.desk.want(KEY, 640)
    rig.desk.turn()
    assert len(rig.device.said) == 2
    rig.now_s += 20
    rig.desk.turn()
    assert len(rig.device.said) == 2, "nobody wants them any more"
    assert rig.desk.viewers_of(KEY) == 0


def test_a_chore_that_stumbles_keeps_nobody_from_his_turn() -> None:
    rig = Rig()
    done: list[str] = []

    def stumble() -> None:
        raise RuntimeError("no")

    rig.desk.add_chore(stumble)
    rig.desk.add_chore(lambda: done.append("other"))
    rig.desk.turn()
    assert done == ["other"]

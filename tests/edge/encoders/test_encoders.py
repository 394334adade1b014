"""How a camera codes: read and put right by ONVIF over real HTTP, judged by a table, told to the hub."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

import pytest
from click.testing import CliRunner

from edge.cli import main
from edge.config import CameraSettings
from edge.encoders.building import encoder_of
from edge.encoders.desk import StreamDesk
from edge.encoders.judging import Fault, faults_of, mended
from edge.encoders.onvif import OnvifEncoder
from edge.encoders.played import SIZES, PlayedOnvifEncoder
from edge.encoders.port import Choices, Coding, Encoder, EncoderError, PlayedEncoder
from edge.ptz.simulated.head import Head
from edge.ptz.simulated.server import OnvifServer
from edge.ptz.simulated.service import SimulatedOnvif
from edge.ptz.soap import Login
from edge.running.commands import Commands
from edge.wire.messages import MendStream, Reply, TellStream
from tests.edge.encoders.contract import SUB, EncoderContract

LOGIN = Login("operator", "kapal & layar")
CHOICES = Choices(sizes=SIZES, fps=(1, 25), key_frame_every=(1, 150))


@pytest.fixture
def server() -> Iterator[OnvifServer]:
    head = Head(lambda: 0.0)
    one = OnvifServer(
        SimulatedOnvif(head, lambda: datetime.now(UTC), user=LOGIN.user, password=LOGIN.password, profile="")
    )
    yield one
    one.close()


def camera(server: OnvifServer, **changes: str) -> CameraSettings:
    source = "rtsp://operator:kapal%20%26%20layar@127.0.0.1:554/sub"
    return CameraSettings(id="utara", source=source, onvif=server.address, **changes)


class TestPlayed(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return PlayedEncoder(SUB, CHOICES)


class TestOnvif(EncoderContract):
    @pytest.fixture
    def encoder(self, server: OnvifServer) -> Encoder:
        found = encoder_of(camera(server))
        assert found is not None
        return found


def test_a_size_that_the_twin_does_not_know_is_refused() -> None:
    with pytest.raises(EncoderError, match="no size 800x600"):
        PlayedEncoder(SUB, CHOICES).code(replace(SUB, width_px=800, height_px=600))


@pytest.mark.parametrize(
    ("coding", "faults"),
    [
        (Coding("H264", 640, 360, 10, 10), ()),
        (Coding("H264", 640, 360, 15, 15), ()),
        (Coding("H265", 640, 360, 10, 10), (Fault.CODEC,)),
        (Coding("H264", 640, 360, 10, 40), (Fault.KEY_FRAME,)),
        (Coding("H264", 640, 360, 25, 25), (Fault.FPS,)),
        (Coding("H264", 352, 240, 5, 5), (Fault.FPS, Fault.SIZE)),
        (Coding("H264", 1920, 1080, 10, 10), (Fault.SIZE,)),
        (Coding("JPEG", 0, 0, 0, 1), (Fault.CODEC, Fault.KEY_FRAME, Fault.FPS, Fault.SIZE)),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_what_is_right_stays(coding: Coding, faults: tuple[Fault, ...]) -> None:
    assert faults_of(coding) == faults
    better = mended(coding, CHOICES)
    assert faults_of(better) == ()
    if not faults:
        assert better == coding
    if Fault.SIZE not in faults:
        assert (better.width_px, better.height_px) == (coding.width_px, coding.height_px)


def test_a_camera_that_can_do_no_better_gets_the_nearest() -> None:
    poor = Choices(sizes=((352, 240), (1920, 1080)), fps=(1, 6), key_frame_every=(12, 50))
    better = mended(Coding("JPEG", 352, 240, 3, 1), poor)
    assert (better.fps, better.key_frame_every, better.width_px) == (6, 12, 640)


def test_the_other_stream_stays_as_it_is_and_a_stream_without_match_is_the_small_one(
    server: OnvifServer,
) -> None:
    before = server.service.encoder.streams["/utama"]
    desk = StreamDesk({"utara": camera(server)})
    values = desk.reply(MendStream(camera="utara")).values
    assert (values["codec"], values["fps"], values["key_frame_s"], values["faults"]) == (
        "H264",
        10.0,
        1.0,
        "",
    )
    assert server.service.encoder.streams["/utama"] == before
    strange = OnvifEncoder(server.address, LOGIN, source="rtsp://127.0.0.1/lain")
    assert strange.coding().width_px == 640


def test_a_stream_of_another_codec_becomes_h264_with_its_parts_in_order(server: OnvifServer) -> None:
    server.service.encoder.streams["/sub"] = Coding("JPEG", 640, 360, 10, 1)
    desk = StreamDesk({"utara": camera(server)})
    assert desk.reply(TellStream(camera="utara")).values["faults"] == "codec"
    assert desk.reply(MendStream(camera="utara")).values["codec"] == "H264"


def test_a_stubborn_camera_a_wrong_password_and_one_without_coder_say_what_to_do(server: OnvifServer) -> None:
    server.service.encoder.is_stubborn = True
    desk = StreamDesk({"utara": camera(server)})
    reply = desk.reply(MendStream(camera="utara"))
    assert (reply.is_done, "says yes and stays as it was (key-frame, fps)" in reply.detail) == (False, True)
    server.service.password = "lain"
    assert "refuses the user or the password" in desk.reply(TellStream(camera="utara")).detail
    server.service.password = LOGIN.password
    server.service.encoder = PlayedOnvifEncoder(streams={})
    assert "names no coder" in desk.reply(TellStream(camera="utara")).detail


def test_what_is_no_network_camera_or_has_no_password_file_is_said() -> None:
    assert encoder_of(CameraSettings(id="a", source="picamera:0")) is None
    assert encoder_of(CameraSettings(id="a", source="rtsp://[half")) is None
    derived = encoder_of(CameraSettings(id="a", source="rtsp://[fd00::9]/sub"))
    assert isinstance(derived, OnvifEncoder)
    assert derived._camera.label == "[fd00::9]"
    with pytest.raises(EncoderError, match="cannot be read"):
        encoder_of(CameraSettings(id="a", source="rtsp://10.0.0.9/s", password_file="/tidak/ada"))
    reply = StreamDesk({"a": CameraSettings(id="a", source="picamera:0")}).reply(TellStream(camera="a"))
    assert "nothing to set" in reply.detail


def test_the_agent_answers_from_another_thread_and_for_its_own_cameras_only(server: OnvifServer) -> None:
    desk = StreamDesk({"utara": camera(server)})
    answers: Queue[Reply] = Queue()
    commands = Commands(
        cameras=frozenset({"utara"}),
        workers=None,
        selftest=list,
        stream=desk.take,  # type: ignore[arg-type] # not asked
    )
    commands.take(TellStream(camera="utara"), answers.put)
    assert answers.get(timeout=60).values["faults"] == "key-frame fps"
    commands.take(TellStream(camera="lain"), answers.put)
    assert "no camera lain" in answers.get(timeout=60).detail
    desk.close()
    bare = Commands(cameras=frozenset({"utara"}), workers=None, selftest=list)  # type: ignore[arg-type] # not asked
    bare.take(MendStream(camera="utara"), answers.put)
    assert "not known here" in answers.get(timeout=60).detail
    assert not bare.carry_out(MendStream(camera="utara")).is_done


def test_the_command_prints_a_line_a_camera(server: OnvifServer, tmp_path: Path) -> None:
    config = tmp_path / "edge.toml"
    source = "rtsp://operator:kapal%20%26%20layar@127.0.0.1:554/sub"
    config.write_text(
        f'device = "pi-a"\n[[cameras]]\nid = "utara"\nsource = "{source}"\nonvif = "{server.address}"\n'
        '[camera_network]\nallowed = ["127.0.0.1"]\n[[cameras]]\nid = "pi"\nsource = "picamera:0"\n'
    )
    told = CliRunner().invoke(main, ["stream", "--config", str(config)])
    assert (told.exit_code, "key frame every 4.0 s: key-frame, fps" in told.output) == (1, True)
    assert "pi: no network camera" in told.output
    mended_now = CliRunner().invoke(main, ["stream", "--mend", "--config", str(config)])
    assert (mended_now.exit_code, "10 fps, key frame every 1.0 s: as it should be" in mended_now.output) == (
        0,
        True,
    )
    server.service.password = "lain"
    assert CliRunner().invoke(main, ["stream", "--config", str(config)]).exit_code == 1

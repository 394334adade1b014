"""A clip's whole way: main stream of a camera, ring, disk, broker, hub, and it plays."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import av
from sqlalchemy import select

from edge.wire.messages import KeepClip
from edge.wire.records.bodies import ClipKept
from hub.config import BrokerSettings, HubConfig
from hub.db import Base, Database
from hub.ingest.models import Clip, DeviceCommand, DevicePresence
from hub.ingest.pictures.clips import HERE, ask_for_clip, clip_path, keep_clips
from hub.ingest.process import run_ingest
from hub.ingest.saying.commands import ask_device
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import RtspCameraSimulator
from provisioning.simulators.rtsp_camera import running as showing
from tests.edge.agent_city import Device
from tests.edge.running.test_agent import Program
from tests.hub.prepared import import_all_models
from tests.mosquitto import Mosquitto

PATIENCE_S = 600.0
CAMERAS = """
[clips]
enabled = true
pre_roll_s = 3
post_roll_s = 2
[[cameras]]
id = "gate"
source = "{sub}"
clip_source = "{main}"
still_every_s = 60
[[cameras]]
id = "private"
source = "{sub}"
still_every_s = 60
privacy_masks = [[[0.0, 0.0], [1.0, 0.0], [0.5, 0.5]]]
"""


def wait_for(is_true: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline_s, f"waited in vain for {what}"
        time.sleep(0.1)


class Hub:
    """Ingest of the real hub on a database of its own."""

    def __init__(self, broker: Mosquitto, folder: Path) -> None:
        import_all_models()
        identity = broker.identity("hub")
        self.folder = folder
        self.config = HubConfig(
            database=f"sqlite:///{folder}/hub.db",
            folder=str(folder),
            broker=BrokerSettings(
                port=broker.port,
                ca=str(identity / "ca.pem"),
                certificate=str(identity / "device.pem"),
                key=str(identity / "device.key"),
            ),
        )
        self.database = Database(self.config.database)
        Base.metadata.create_all(self.database.engine)
        self.stop = threading.Event()
        self.thread = threading.Thread(
            target=run_ingest, args=(self.config, {ClipKept: keep_clips}), kwargs={"stop": self.stop}
        )

    def is_online(self) -> bool:
        with self.database.reading() as db:
            presence = db.get(DevicePresence, "pi-1")
        return presence is not None and presence.is_online

    def clip(self) -> Clip | None:
        with self.database.reading() as db:
            return db.scalars(select(Clip)).first()

    def keep(self, camera: str) -> DeviceCommand:
        """Ask for a clip of now, and return the answered command."""
        correlation = uuid4().hex
        with self.database.writing() as db:
            command = KeepClip(camera=camera)
            ask_device(db, device="pi-1", command=command, correlation=correlation, now=datetime.now(UTC))
        wait_for(lambda: self.answer(correlation).replied_at, "an answer")
        return self.answer(correlation)

    def answer(self, correlation: str) -> DeviceCommand:
        with self.database.reading() as db:
            return db.scalars(select(DeviceCommand).where(DeviceCommand.correlation == correlation)).one()

    def close(self) -> None:
        self.stop.set()
        self.thread.join()
        self.database.close()


def test_a_clip_is_kept_from_the_main_stream_fetched_and_plays(tmp_path: Path) -> None:
    sub = RtspCameraSimulator(film=street_film(width=320, height=180))
    main = RtspCameraSimulator(film=street_film(width=640, height=360))
    broker = Mosquitto(tmp_path / "city")
    broker.start()
    (tmp_path / "hub").mkdir()
    hub = Hub(broker, tmp_path / "hub")
    device = Device(tmp_path / "pi-1", port=broker.port, authority=broker.authority)
    with showing(sub), showing(main):
        device.configure(CAMERAS.format(sub=sub.address, main=main.address))
        hub.thread.start()
        program = Program(device)
        try:
            wait_for(hub.is_online, "the device")
            wait_for(lambda: hub.keep("gate").is_done, "the first packets")
            refusal = hub.keep("private")
            assert not refusal.is_done
            assert "privacy masks" in refusal.detail
            wait_for(hub.clip, "the record of the clip")
            clip = hub.clip()
            assert clip is not None
            assert (clip.camera, clip.reason, clip.state) == ("gate", "command", "kept")
            with hub.database.writing() as db:
                row = db.get_one(Clip, (clip.device, clip.camera, clip.clip))
                ask_for_clip(db, row, now=datetime.now(UTC), correlation=uuid4().hex)
            wait_for(lambda: hub.clip().state == HERE, "the clip")  # type: ignore[union-attr]  # it is there
        except AssertionError as error:
            error.add_note(program.log()[-4000:])
            raise
        finally:
            program.stop()
            hub.close()
            broker.stop()
    path = clip_path(hub.folder, "pi-1", "gate", clip.clip)
    assert path.stat().st_size == clip.bytes
    assert path.read_bytes() == (device.folder / "clips" / "gate" / path.name).read_bytes()
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    assert frames[0].key_frame
    assert (frames[0].width, frames[0].height) == (640, 360), "the main stream, not the analysed one"
    assert len(frames) / 10 >= 2, "at least what came after the command"
    assert not (device.folder / "clips" / "private").exists()

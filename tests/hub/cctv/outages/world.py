"""A world in which things really break: what devices then say goes through real ingest and the real keeper.

What happens is told physically (mains gone, fibre cut, hub down); what a device says of it is worked
out with the device's own diagnosis, so that the hub is given the evidence that it would get.
"""

import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from edge.config import Medium
from edge.health.causes.diagnosis import AbsenceEvidence, CameraEvidence, diagnose_absence, diagnose_camera
from edge.wire.messages import Offline, OfflineReason, Online, Record, Records, encode
from edge.wire.records.bodies import (
    LANE_OF_BODY,
    Body,
    BootReason,
    CameraCounts,
    CameraFault,
    CameraIntegrity,
    ClockQuality,
    DeviceHealth,
    DeviceIncident,
    DeviceReturned,
    PictureState,
)
from edge.wire.topics import UpChannel, up
from hub.cctv.outages.keeping.keeper import KEEP_EVERY_S, OutageKeeper
from hub.db import Database
from hub.ingest.chores import Chore
from hub.ingest.process import Ingest
from hub.ingest.saying.desired import NothingDesired
from hub.ingest.taking.link import MemoryLink, Message
from hub.places.inventory import Inventory
from hub.places.models import CityCamera, Device
from hub.places.service import load_inventory
from hub.wiring import HANDLERS

BEGIN = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
# How long the broker waits for a client that vanished, with the keepalive of our devices.
WILL_S = 45.0
BOOT_S = 40.0
CAMERA_BOOT_S = 60.0
STEP_S = 5.0
# Where nothing happens the hub is looked at more seldom; still within what it calls "not away".
QUIET_STEP_S = 29.0
QUIET_AFTER_S = 70.0
FAULTS = {
    "black": PictureState.BLACK,
    "frozen": PictureState.FROZEN,
    "covered": PictureState.COVERED,
    "moved": PictureState.MOVED,
    "defocused": PictureState.DEFOCUSED,
    "smeared": PictureState.SMEARED,
}


@dataclass
class Twin:
    """One device as it really is."""

    name: str
    cameras: tuple[str, ...]
    medium: Medium
    boot: int = 0
    booted_s: float = -90_000.0
    is_powered: bool = True
    is_linked: bool = True
    heard_at_s: float = 0.0
    seq: int = 0
    signal_dbm: float | None = None
    dark: set[str] = field(default_factory=set)
    bad: dict[str, PictureState] = field(default_factory=dict)
    kept: list[Record] = field(default_factory=list)
    has_gasped: bool = False
    was_stopped: bool = False
    is_clockless: bool = False
    is_on_battery: bool = False
    stuck: set[str] = field(default_factory=set)

    @property
    def boot_id(self) -> str:
        return f"{hash_of(self.name):016x}{self.boot:016x}"

    @property
    def epoch(self) -> str:
        return f"{hash_of(self.name):016x}"


def hash_of(name: str) -> int:
    import zlib

    return zlib.crc32(name.encode())


class World:
    """The city, its hub, and a queue of what will happen."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.now_s = 0.0
        self.hub_ahead_s = 0.0  # how wrong the hub's clock is
        self.is_hub_up = True
        self.link = MemoryLink()
        self.twins: dict[str, Twin] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._waiting: list[Message] = []
        self._busy_s: list[float] = []
        self._folder = folder
        self._ingest = self._start_hub()

    def hub_now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.now_s + self.hub_ahead_s)

    def true_now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.now_s)

    def _start_hub(self) -> Ingest:
        keeper = OutageKeeper(database=self.database, now=self.hub_now)
        return Ingest(
            database=self.database,
            link=self.link,
            folder=self._folder,
            handlers=HANDLERS,
            is_known=lambda _device: True,
            desired=NothingDesired(),
            now=self.hub_now,
            monotonic_s=lambda: self.now_s,
            chores=[Chore("keeping outages", every_s=KEEP_EVERY_S, act=keeper)],
        )

    # --- the inventory -------------------------------------------------------------------------

    def build(self, site: str, devices: int, cameras: int, *, medium: Medium, switch: str = "") -> list[Twin]:
        """Put a point with devices into the city; each has so many cameras."""
        names = [f"{site}-d{number}" for number in range(1, devices + 1)]
        inventory = {
            "sites": [{"id": site, "name": site, "kelurahan": "61.71.04.1004", "lat": 0.0, "lon": 109.32}],
            "devices": [
                {
                    "id": name,
                    "site": site,
                    "name": name,
                    "cameras": [
                        {
                            "id": f"c{number}",
                            "name": f"{name} c{number}",
                            "medium": "wireless" if medium is Medium.WIRELESS else "fibre",
                            "owner": "Diskominfo",
                        }
                        for number in range(1, cameras + 1)
                    ],
                }
                for name in names
            ],
        }
        with self.database.writing() as db:
            load_inventory(db, msgspec.convert(inventory, Inventory), date(2026, 1, 5))
            for name in names:
                for number in range(1, cameras + 1):
                    db.get_one(CityCamera, (name, f"c{number}")).network_switch = switch
        twins = [Twin(name, tuple(f"c{n}" for n in range(1, cameras + 1)), medium) for name in names]
        for twin in twins:
            twin.booted_s = self.now_s - 90_000
            self.twins[twin.name] = twin
            self._birth(twin)
            self._beat(twin)
        return twins

    def forget(self, twins: Sequence[Twin]) -> None:
        """Take a point off duty, so that it does not disturb the next case."""
        with self.database.writing() as db:
            for twin in twins:
                db.get_one(Device, twin.name).is_retired = True
                del self.twins[twin.name]

    # --- time ----------------------------------------------------------------------------------

    def after(self, delay_s: float, act: Callable[[], None], *, is_routine: bool = False) -> None:
        at_s = self.now_s + delay_s
        heapq.heappush(self._due, (at_s, next(self._order), act))
        if not is_routine:
            self._busy_s.append(at_s)

    def _step_s(self) -> float:
        self._busy_s = [at_s for at_s in self._busy_s if at_s > self.now_s - QUIET_AFTER_S]
        near = any(at_s <= self.now_s + QUIET_STEP_S for at_s in self._busy_s)
        return STEP_S if near else QUIET_STEP_S

    def run(self, for_s: float) -> None:
        until_s = self.now_s + for_s
        while self.now_s < until_s:
            self.now_s = min(self.now_s + self._step_s(), until_s)
            while self._due and self._due[0][0] <= self.now_s:
                heapq.heappop(self._due)[2]()
            if self.is_hub_up:
                self._deliver()
                self._ingest.turn()

    def hub_down(self) -> None:
        self.is_hub_up = False

    def hub_up(self) -> None:
        self.is_hub_up = True
        self.link = MemoryLink()
        self._ingest = self._start_hub()
        for twin in self.twins.values():
            if twin.is_powered and twin.is_linked:
                self._birth(twin)

    def _deliver(self) -> None:
        self.link.inbox.extend(self._waiting)
        self._waiting.clear()

    # --- what devices say ----------------------------------------------------------------------

    def say(self, twin: Twin, *bodies: Body) -> None:
        """Record; sent when there is a link, else kept until there is one."""
        if not twin.is_powered:
            return
        for body in bodies:
            twin.seq += 1
            is_lost = twin.is_clockless
            record = Record(
                seq=twin.seq,
                at=datetime(1970, 1, 1, 0, 5, tzinfo=UTC) if is_lost else self.true_now(),
                clock=ClockQuality.UNKNOWN if is_lost else ClockQuality.SYNCED,
                boot_id=twin.boot_id,
                mono_ns=int((self.now_s - twin.booted_s) * 1e9),
                body=body,
            )
            twin.kept.append(record)
        self._send(twin)

    def _send(self, twin: Twin) -> None:
        if not (twin.is_powered and twin.is_linked):
            return
        # Each lane is a message of its own, and comes whole after the hub was away.
        lanes: dict[object, list[Record]] = {}
        for record in twin.kept:
            lanes.setdefault(LANE_OF_BODY[type(record.body)], []).append(record)
        for lane, records in lanes.items():
            payload = encode(Records(epoch=twin.epoch, lane=lane, records=tuple(records)))  # type: ignore[arg-type]  # a Lane
            self._publish(twin, UpChannel.RECORDS, payload)
        twin.kept.clear()

    def _publish(self, twin: Twin, channel: UpChannel, payload: bytes) -> None:
        if not self.is_hub_up and channel is UpChannel.STATE:
            return  # nobody subscribes: the broker forgets it
        if self.is_hub_up:
            twin.heard_at_s = self.now_s
        topic, at_s = up(twin.name, channel, None), self.hub_now().timestamp()
        self._waiting.append(Message(topic=topic, payload=payload, received_at_s=at_s, ticket=(1, 1)))

    def _birth(self, twin: Twin) -> None:
        state = Online(
            epoch=twin.epoch,
            boot_id=twin.boot_id,
            at=self.true_now(),
            clock=ClockQuality.SYNCED,
            firmware="1",
            hardware="pi",
            uptime_s=self.now_s - twin.booted_s,
        )
        self._publish(twin, UpChannel.STATE, encode(state))

    def _offline(self, twin: Twin, reason: OfflineReason, boot_id: str | None = None) -> None:
        state = Offline(boot_id=boot_id or twin.boot_id, reason=reason)
        self._publish(twin, UpChannel.STATE, encode(state))

    def _beat(self, twin: Twin) -> None:
        if twin.name not in self.twins:
            return
        if twin.is_powered:
            self.say(twin, self._health(twin))
            for camera in twin.cameras:
                if camera not in twin.dark | twin.stuck:
                    self.say(twin, _counts(camera))
        self.after(60.0, lambda: self._beat(twin), is_routine=True)

    def _health(self, twin: Twin) -> DeviceHealth:
        return DeviceHealth(
            uptime_s=max(0.0, self.now_s - twin.booted_s),
            load=0.4,
            memory_free_mib=900,
            disk_free_mib=9_000,
            outbox_rows=1,
            outbox_bytes=100,
            signal_dbm=twin.signal_dbm,
            on_battery=twin.is_on_battery or None,
        )

    # --- what happens --------------------------------------------------------------------------

    def lose_link(self, twin: Twin) -> None:
        """The fibre is cut or the radio fades: the board goes on."""
        twin.is_linked = False
        self._will_later(twin)

    def mend_link(self, twin: Twin, *, late_s: float = 20.0) -> None:
        if twin.is_linked:
            return
        gap_s = self.now_s - self._lost_at_s(twin)
        twin.is_linked = True
        rows = len(twin.kept)
        self._birth(twin)
        self._send(twin)
        evidence = AbsenceEvidence(
            outage_s=gap_s,
            uptime_s=self.now_s - twin.booted_s,
            rows_from_gap=rows,
            is_same_boot=True,
            was_signal_falling=True if twin.signal_dbm is not None and twin.signal_dbm < -80 else None,
            medium=twin.medium,
        )
        self.after(late_s, lambda: self._say_return(twin, evidence, BootReason.SAME_BOOT))

    def cut_power(self, twin: Twin) -> None:
        """Everything at the device stops at once."""
        twin.is_powered = False
        twin.dark |= set(twin.cameras)
        self._will_later(twin)

    def give_power(
        self,
        twin: Twin,
        *,
        late_s: float = 20.0,
        boot: BootReason = BootReason.POWER_CUT,
        cameras: bool = True,
        dead: str = "",
    ) -> None:
        """The board starts anew; its cameras start too, and take longer."""
        self.after(BOOT_S, lambda: self._started(twin, boot, late_s, cameras, dead))

    def _started(self, twin: Twin, boot: BootReason, late_s: float, cameras: bool, dead: str) -> None:
        gap_s = self.now_s - self._lost_at_s(twin)
        twin.boot += 1
        twin.booted_s = self.now_s - 25.0
        twin.is_powered, twin.is_on_battery = True, False
        rows = len(twin.kept)
        if twin.is_linked:
            self._birth(twin)
        if cameras:
            for camera in sorted(twin.dark):
                self.say(
                    twin,
                    CameraIntegrity(camera=camera, picture=PictureState.ABSENT, fault=CameraFault.NOT_FOUND),
                )
            self.after(CAMERA_BOOT_S, lambda: self._cameras_started(twin, dead))
        else:
            twin.dark.clear()
        evidence = AbsenceEvidence(
            outage_s=gap_s,
            uptime_s=self.now_s - twin.booted_s,
            rows_from_gap=rows,
            had_last_gasp=twin.has_gasped,
            was_stopped_by_hand=twin.was_stopped,
            has_watchdog_reset=True if boot is BootReason.WATCHDOG else None,
            is_same_boot=False,
            medium=twin.medium,
        )
        twin.has_gasped = twin.was_stopped = False
        self._send(twin)
        self.after(late_s, lambda: self._say_return(twin, evidence, boot))

    def _cameras_started(self, twin: Twin, dead: str) -> None:
        """All but one that did not survive; a covered lens is covered still."""
        bad = dict(twin.bad)
        self.show(twin, *(camera for camera in twin.cameras if camera != dead))
        for camera, picture in bad.items():
            self.spoil(twin, camera, picture)
        if dead:
            self.darken(twin, dead, ping=False, more={"has_port_power": True, "is_switch_answering": True})

    def _lost_at_s(self, twin: Twin) -> float:
        return twin.heard_at_s

    def _say_return(self, twin: Twin, evidence: AbsenceEvidence, boot: BootReason) -> None:
        verdict = diagnose_absence(evidence)
        body = DeviceReturned(
            outage_s=evidence.outage_s,
            cause=verdict.cause,
            confidence=verdict.confidence,
            evidence=verdict.evidence[:16],
            boot=boot,
            rows_from_gap=evidence.rows_from_gap,
        )
        self.say(twin, body)

    def kill(self, twin: Twin) -> None:
        """The agent dies; the board and its cameras go on."""
        twin.is_powered = False
        self._will_later(twin)

    def revive(self, twin: Twin) -> None:
        gap_s = self.now_s - self._lost_at_s(twin)
        twin.is_powered = True
        self._birth(twin)
        evidence = AbsenceEvidence(
            outage_s=gap_s, uptime_s=self.now_s - twin.booted_s, is_same_boot=True, medium=twin.medium
        )
        self.after(20.0, lambda: self._say_return(twin, evidence, BootReason.SAME_BOOT))

    def _will_later(self, twin: Twin) -> None:
        boot_id = twin.boot_id
        self.after(WILL_S, lambda: self._will(twin, boot_id))

    def _will(self, twin: Twin, boot_id: str) -> None:
        if not (twin.is_powered and twin.is_linked and twin.boot_id == boot_id):
            self._offline(twin, OfflineReason.WILL, boot_id)

    def stop(self, twin: Twin) -> None:
        """Somebody stops the agent."""
        twin.was_stopped = True
        self._offline(twin, OfflineReason.STOPPED)
        twin.is_powered = False

    def lose_mains(self, twin: Twin) -> None:
        """The board goes on from its battery; cameras and switch do not."""
        twin.is_on_battery = True
        self.say(twin, DeviceIncident(what="mains-lost"))
        self.darken(twin, *twin.cameras, mains=True, ping=False)

    def gasp(self, twin: Twin) -> None:
        """The battery is near its end; the board is stopped in order soon after."""
        twin.has_gasped = True
        self.say(twin, DeviceIncident(what="last-gasp"))
        self._offline(twin, OfflineReason.POWER)
        self.after(20.0, lambda: self.cut_power(twin))

    def mains_back(self, twin: Twin) -> None:
        """Before the battery was empty."""
        twin.is_on_battery = False
        self.say(twin, DeviceIncident(what="mains-back"))
        self.after(CAMERA_BOOT_S, lambda: self.show(twin, *twin.cameras))

    def darken(
        self,
        twin: Twin,
        *cameras: str,
        fault: CameraFault = CameraFault.NOT_FOUND,
        ping: bool | None = None,
        mains: bool | None = None,
        more: dict[str, object] | None = None,
        verdict_s: float = 15.0,
    ) -> None:
        """Cameras give no picture any more while the device lives; it says why a little later."""
        twin.dark |= set(cameras)
        for camera in cameras:
            self.say(twin, CameraIntegrity(camera=camera, picture=PictureState.ABSENT, fault=fault))
        evidence: dict[str, object] = {
            "picture": PictureState.ABSENT,
            "fault": fault,
            "medium": twin.medium if twin.medium is Medium.WIRELESS else Medium.CABLE,
            "siblings": len(twin.cameras) - 1,
            "siblings_dark": max(0, len(twin.dark) - 1),
            "answers_ping": ping,
            "is_mains_lost": mains,
        } | (more or {})
        verdict = diagnose_camera(CameraEvidence(**evidence))  # type: ignore[arg-type]  # by name
        self.after(verdict_s, lambda: self._explain(twin, cameras, fault, verdict))

    def _explain(self, twin: Twin, cameras: Sequence[str], fault: CameraFault, verdict: object) -> None:
        for camera in cameras:
            if camera in twin.dark and twin.is_powered:
                self.say(
                    twin,
                    CameraIntegrity(
                        camera=camera,
                        picture=PictureState.ABSENT,
                        fault=fault,
                        cause=verdict.cause,  # type: ignore[attr-defined]  # a Verdict
                        confidence=verdict.confidence,  # type: ignore[attr-defined]  # a Verdict
                        evidence=verdict.evidence[:16],  # type: ignore[attr-defined]  # a Verdict
                    ),
                )

    def spoil(self, twin: Twin, camera: str, picture: PictureState) -> None:
        """There is a picture, and it is of no use."""
        twin.bad[camera] = picture
        verdict = diagnose_camera(CameraEvidence(picture=picture, siblings=len(twin.cameras) - 1))
        self.say(
            twin,
            CameraIntegrity(
                camera=camera,
                picture=picture,
                cause=verdict.cause,
                confidence=verdict.confidence,
                evidence=verdict.evidence[:16],
            ),
        )

    def stick(self, twin: Twin, camera: str) -> None:
        """The agent lives and says nothing bad of it, but nothing new comes of this camera."""
        twin.stuck.add(camera)

    def show(self, twin: Twin, *cameras: str) -> None:
        """Cameras are well again."""
        if not twin.is_powered:
            return
        for camera in cameras:
            if camera in twin.dark or camera in twin.bad or camera in twin.stuck:
                twin.dark.discard(camera)
                twin.bad.pop(camera, None)
                twin.stuck.discard(camera)
                self.say(twin, CameraIntegrity(camera=camera, picture=PictureState.GOOD), _counts(camera))


def _counts(camera: str) -> CameraCounts:
    return CameraCounts(camera=camera, period_s=60, frames=600, lines=(), motion_share=0.1, confidence=0.9)

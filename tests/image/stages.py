"""What the image goes through, one stage after the other, and what is measured on the way."""

import os
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from clip import write_clip
from machine import EmulatedPi
from real_hub import CAMERAS, DEVICE, DOOR, RealHub
from releases import FIRST, Releases

from provisioning.errors import ProvisioningError

# Generous: a stage that waits is not a measurement, and CI machines are slow.
BOOT_S, ENROL_S, RECORDS_S = 600.0, 600.0, 600.0
UPDATE_S = 1500.0
# Long enough to be in the middle of the root, whose writing takes minutes here.
CUT_AFTER_S = 12.0
# A release from before the card's own.
OLD = 5
REFUSED = {"refused", "failed"}
# A status comes every 30 s.
RESTS = 6


class Trial:
    """The state that stages share, and their results."""

    def __init__(
        self,
        folder: Path,
        scratch: Path,
        *,
        say: Callable[[str], None],
        has_door: bool = True,
        has_updates: bool = True,
        has_stick: bool = False,
    ) -> None:
        """Prepare nothing yet; with ``has_stick`` the claim lies on a USB stick and not on the card."""
        self.has_stick = has_stick
        self.has_door = has_door
        self.has_updates = has_updates
        self.folder = folder
        self.scratch = scratch
        self.say = say
        self.result: dict[str, Any] = {
            **dict.fromkeys(
                ("built", "booted", "enrolled", "update_ok", "rolled_back", "survived_cut"), False
            ),
            "boot_s": None,
            "records_in_hub": 0,
            "scans_in_hub": 0,
            "refused": [],
            "image_bytes_compressed": None,
            "idle_memory_mb": None,
            "failed": None,
        }
        self.releases = Releases(folder, scratch, say=say)
        # What is needed later is made while the board starts, and gives way to it.
        self._beside = ThreadPoolExecutor(max_workers=1, initializer=_give_way)
        self._hub_beside = ThreadPoolExecutor(max_workers=1)
        self._hub_coming: Future[RealHub] | None = None
        self._bundles: dict[int, Future[Path]] = {}
        self._began_s = time.monotonic()
        self._told_before: tuple[object, ...] = (None, None, None)
        self.hub: RealHub | None = None
        self.machine: EmulatedPi | None = None

    def build(self) -> None:
        """Build the first release, with the hub coming up beside; begin with the later ones, as bundles."""
        city = self.scratch / "city"
        self._hub_coming = self._hub_beside.submit(RealHub, city, say=self.say, has_door=self.has_door)
        card, compressed_bytes = self.releases.build_first()
        self.result |= {"built": True, "image_bytes_compressed": compressed_bytes}
        self.hub = self._hub_coming.result()
        self.machine = EmulatedPi(card, self.folder / "machine", say=self.say, has_stick=self.has_stick)
        if self.has_updates:
            self._bundles = {
                number: self._beside.submit(make, number)
                for number, make in (
                    (OLD, self.releases.small),
                    (11, self.releases.good),
                    (12, self.releases.tampered),
                    (13, self.releases.of_a_stranger),
                    (14, lambda _: self.releases.small(6)),
                    (20, self.releases.broken),
                )
            }

    def boot(self) -> None:
        """Boot a card with a claim on it, beside a hub that waits for it."""
        assert self.machine is not None
        assert self.hub is not None
        self._write_card(self.hub)
        began_s = time.monotonic()
        self.machine.power_on()
        self._wait("status on the screen", lambda: bool(self._status()), BOOT_S)
        self.result |= {"booted": True, "boot_s": round(time.monotonic() - began_s, 1)}

    def enrol(self) -> None:
        """Wait until the device is one of the city's, and camera and door are heard."""
        assert self.hub is not None
        hub = self.hub
        self._wait("enrolled device online", lambda: hub.status().devices.get(DEVICE, False), ENROL_S)
        self.result["enrolled"] = True
        if self.has_stick:
            self._wait("claim wiped from the stick, and an answer on it", self._is_stick_done, ENROL_S)
        names = (*CAMERAS, DOOR) if self.has_door else CAMERAS
        wanted = [f"{DEVICE}/{name}" for name in names]
        self._wait(
            f"{' and '.join(names)} in the hub",
            lambda: all(hub.status().sources.get(name, False) for name in wanted),
            RECORDS_S,
        )
        if self.has_door:
            self._wait("scan of a phone in the hub", lambda: hub.scans() > 0, RECORDS_S)
        self.result |= {"records_in_hub": hub.status().records, "scans_in_hub": hub.scans()}
        self._wait("agent on the screen", lambda: self._status().get("agent") == "active", BOOT_S)

    def rest(self) -> None:
        """Let the agent do its daily work, and see what memory is in use: no start, no update."""
        assert self.machine is not None
        machine, before = self.machine, len(self.machine.statuses())
        self._wait("daily work", lambda: len(machine.statuses()) - before >= RESTS, RECORDS_S)
        used_mib = [int(one["memory_mib"]) for one in machine.statuses()[before:]]
        self.result |= {"cameras": len(CAMERAS), "memory_at_rest_mib": used_mib}

    def cut(self) -> None:
        """Cut the power while a good release is written: the first one starts again, from its slot."""
        assert self.machine is not None
        assert self.hub is not None
        # Kept by the hub from long ago: its numbers only rise.
        self._add(OLD)
        self._add(11)
        self.hub.offer(11)
        self._wait("installing", lambda: self._told()["state"] == "installing", UPDATE_S)
        ends_at_s = time.monotonic() + CUT_AFTER_S
        self._wait("writing", lambda: time.monotonic() > ends_at_s, UPDATE_S)
        assert self._told()["state"] == "installing", self._told()
        self.machine.cut_power()
        self.machine.power_on()
        self._wait("status after the cut", lambda: bool(self._status()), BOOT_S)
        assert self.machine.boots[-1] == "A"
        assert self._status()["number"] == str(FIRST), self._status()
        self.result["survived_cut"] = True

    def update(self) -> None:
        """See the release that was cut off come all the same: the other slot boots and is marked good."""
        assert self.machine is not None
        took_s = self._wait("release 11", lambda: self._is_settled(11, {"committed"}), UPDATE_S)
        self._wait("new slot on the screen", lambda: self._status().get("starts") == "B", BOOT_S)
        assert self.machine.boots[-1] == "B"
        assert self._status()["number"] == "11"
        self.result |= {"update_ok": True, "update_s": round(took_s, 1)}

    def refuse(self) -> None:
        """Offer what must not run: changed content, a stranger's signature, another release, an old one."""
        assert self.hub is not None
        for number in (12, 13, 14):
            self._add(number)
        for name, number, faults in (
            ("tampered", 12, {"not-signed", "not-installed"}),
            ("stranger", 13, {"not-signed"}),
            ("renamed", 14, {"other-content"}),
            ("older", OLD, {"not-newer"}),
        ):
            self.hub.offer(number)
            self._wait(f"order of {name}", self.hub.asks_although_older, UPDATE_S)
            self._wait(f"release {number} refused", partial(self._is_settled, number, REFUSED), UPDATE_S)
            told = self._told()
            self.say(f"  {name}: {told['fault']}: {told['detail'][:160]}")
            assert (told["running_number"], told["fault"] in faults) == (11, True), told
            self.result["refused"].append(name)

    def rollback(self) -> None:
        """Bring a release that does not start: the device returns to the one that did."""
        assert self.machine is not None
        assert self.hub is not None
        before = len(self.machine.boots)
        self._add(20)
        self.hub.offer(20)
        settled = partial(self._is_settled, 20, {"returned", "failed"})
        took_s = self._wait("release 20 failed or returned", settled, UPDATE_S)
        assert self.machine.boots[before:] == ["A", "B"], self.machine.boots
        assert self._told()["running_number"] == 11
        self.result |= {"rolled_back": True, "rolled_back_s": round(took_s, 1)}

    def _add(self, number: int) -> None:
        assert self.hub is not None
        self.hub.add(self._bundles[number].result(), number)

    def _is_settled(self, number: int, states: set[str]) -> bool:
        told = self._told()
        return told.get("number") == number and told.get("state") in states

    def _told(self) -> dict[str, Any]:
        assert self.hub is not None
        return self.hub.told_of_update()

    def _write_card(self, hub: RealHub) -> None:
        assert self.machine is not None
        texts = {"pontive.toml": hub.claim_text(), "edge.toml": hub.settings_text()}
        for name, text in texts.items():
            path = self.scratch / name
            path.write_text(text)
            place = self.machine.stick if self.machine.stick and name == "pontive.toml" else self.machine
            place.put(path, name)
        write_clip(self.scratch / "clip.mp4")
        self.machine.put(self.scratch / "clip.mp4", "clip.mp4")
        shutil.copyfile(hub.folder.phones, self.scratch / "phones.json")
        self.machine.put(self.scratch / "phones.json", "phones.json")

    def _status(self) -> dict[str, str]:
        assert self.machine is not None
        return self.machine.last_status()

    def _wait(self, what: str, is_there: Callable[[], bool], within_s: float) -> float:
        assert self.machine is not None
        assert self.hub is not None
        hub = self.hub

        def looked() -> bool:
            hub.tick()
            self._say_what_is_told()
            return is_there()

        return self.machine.wait_for(what, looked, within_s)

    def _is_stick_done(self) -> bool:
        assert self.machine is not None
        assert self.machine.stick is not None
        answer = self.machine.stick.text("pontive-jawab.txt")
        return not self.machine.stick.text("pontive.toml") and bool(answer) and "GAGAL" not in answer

    def _say_what_is_told(self) -> None:
        told = self._told()
        now = tuple(told.get(name) for name in ("number", "state", "fault"))
        if now != self._told_before:
            self._told_before = now
            self.say(f"  {time.monotonic() - self._began_s:.0f} s: the device tells {now}")

    def end(self) -> None:
        """End machine and hub, and see what memory was in use while the agent worked."""
        if self.machine is not None:
            self.machine.cut_power()
            used_mib = [int(one["memory_mib"]) for one in self.machine.statuses() if one["agent"] == "active"]
            self.result["idle_memory_mb"] = round(median(used_mib)) if used_mib else None
        for beside in (self._beside, self._hub_beside):
            beside.shutdown(cancel_futures=True)
        if self._hub_coming is not None and self._hub_coming.exception() is None:
            self._hub_coming.result().end()


def _give_way() -> None:
    """Let this thread and all that it starts work when nothing else does (Linux: a thread has its own)."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


STAGES: tuple[str, ...] = ("build", "boot", "enrol", "cut", "update", "refuse", "rollback")
# Of a device with two cameras and no door: what it weighs.
STAGES_AT_REST: tuple[str, ...] = ("build", "boot", "enrol", "rest")


def run_stages(
    folder: Path, scratch: Path, *, until: str, is_at_rest: bool, say: Callable[[str], None]
) -> dict[str, Any]:
    """Run the stages in their order and return the results; the first that fails is the last."""
    stages = STAGES_AT_REST if is_at_rest else STAGES
    if until in stages:
        stages = stages[: stages.index(until) + 1]
    trial = Trial(
        folder, scratch, say=say, has_door=not is_at_rest, has_updates="cut" in stages, has_stick=is_at_rest
    )
    try:
        for stage in stages:
            say(f"{stage} ...")
            getattr(trial, stage)()
    except (AssertionError, TimeoutError, ProvisioningError) as error:
        say(f"{stage} failed: {error}")
        trial.result["failed"] = stage
    finally:
        trial.end()
    return trial.result

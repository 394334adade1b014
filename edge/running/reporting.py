"""What a running agent says of itself each half minute: health to the hub, status file, lamp, systemd.

Reads the parts, changes none of them.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from edge.clock import Clock
from edge.config import EdgeConfig
from edge.health.probing.board import Probes
from edge.health.probing.link import LinkProbes
from edge.health.probing.surroundings import Surroundings
from edge.health.report import device_health
from edge.identity import IdentityError, read_identity, time_trouble
from edge.lights.choosing import Facts, state_of
from edge.lights.sign_file import SignFile
from edge.logs import RecentWarnings
from edge.outbox import Outbox
from edge.running.intake import Intake
from edge.running.status import AgentStatus, StatusFile, lanes_of, status_paths
from edge.running.watchdog import Notifier
from edge.supervision.happenings import WorkerState
from edge.supervision.worker_process import WorkerKind
from edge.wire.records.bodies import Body, ClockQuality, DeviceHealth
from edge.wire.updates import UpdateReport, UpdateState

logger = logging.getLogger(__name__)

# Pulling the plug now costs a trial or an installation.
_AT_UPDATE = frozenset(
    {
        UpdateState.INSTALLING,
        UpdateState.RESTARTING,
        UpdateState.TRYING,
        UpdateState.COMMITTING,
        UpdateState.RETURNING,
    }
)


class Sender(Protocol):
    """What reports need of the uplink."""

    @property
    def is_connected(self) -> bool:
        """Whether the broker has us."""
        ...

    @property
    def trouble(self) -> str:
        """Why there is no connection, as far as it is known."""
        ...

    @property
    def rejected_publishes(self) -> int:
        """Messages the broker refused since the start."""
        ...


class UpdateEar:
    """Hears from the records whether an update is at the point where power must stay on."""

    def __init__(self) -> None:
        """Know of none."""
        self.is_updating = False

    def kept(self, body: Body) -> None:
        """Hear of a record that was kept."""
        if isinstance(body, UpdateReport):
            self.is_updating = body.state in _AT_UPDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Gathers and says it; the parts are those of the agent."""

    config: EdgeConfig
    probes: Probes
    links: LinkProbes
    clock: Clock
    outbox: Outbox
    sender: Sender
    intake: Intake
    workers: Callable[[], tuple[WorkerState, ...]]
    surroundings: Callable[[], Surroundings]
    roster_version: Callable[[], int]
    updates: UpdateEar
    recent: RecentWarnings
    notifier: Notifier
    status_file: StatusFile
    sign_file: SignFile

    def report(self) -> None:
        """Record the health of the device, and leave status and sign for a technician."""
        health = self.health()
        self.intake.note(health)
        self.status_file.write(self.status(health))
        self.sign_file.show(state_of(self.facts(health)))
        self.notifier.notify(f"STATUS={self.summary()}")

    def health(self) -> DeviceHealth:
        """Return how the device is now."""
        stats = self.outbox.stats().values()
        return device_health(
            self.probes,
            links=self.links,
            outbox_folder=Path(self.config.outbox.path).parent,
            outbox_rows=sum(lane.rows for lane in stats),
            outbox_bytes=sum(lane.payload_bytes for lane in stats),
            rejected_publishes=self.sender.rejected_publishes,
            surroundings=self.surroundings(),
            clock=self.clock.now().quality,
        )

    def status(self, health: DeviceHealth) -> AgentStatus:
        """Return what ``pontive-edge diagnose`` will say."""
        return AgentStatus(
            at=self.clock.now().at,
            version=version("pontive"),
            is_connected=self.sender.is_connected,
            roster_version=self.roster_version(),
            epoch=self.outbox.epoch,
            kept=self.intake.kept,
            refused=self.intake.refused,
            outbox_trouble=self.intake.trouble,
            outbox=lanes_of(self.outbox.stats()),
            health=health,
            workers=self.workers(),
            recent_warnings=self.recent.lines,
        )

    def facts(self, health: DeviceHealth) -> Facts:
        """Return what the lamp is chosen from."""
        seeing = [each for each in self.workers() if each.kind is not WorkerKind.SENSORS]
        without = [each for each in seeing if each.beat_age_s is None]
        return Facts(
            is_connected=self.sender.is_connected,
            has_network=self.links.has_network(),
            is_identity_good=_is_identity_good(self.config, self.clock)
            and not names_certificate(self.sender.trouble),
            is_disk_good=not self.intake.trouble,
            is_under_voltage=bool(health.under_voltage),
            is_updating=self.updates.is_updating,
            is_clock_known=self.clock.now().quality is not ClockQuality.UNKNOWN,
            dark_workers=sum(bool(each.last_fault) for each in without),
            beginning_workers=sum(not each.last_fault for each in without),
        )

    def waiting(self) -> int:
        """Return how many records wait for the hub."""
        return sum(lane.rows for lane in self.outbox.stats().values())

    def summary(self) -> str:
        """Return one line for ``systemctl status``."""
        states: Sequence[WorkerState] = self.workers()
        at_work = sum(state.beat_age_s is not None for state in states)
        link = "connected" if self.sender.is_connected else "not connected"
        return f"{at_work} of {len(states)} workers at work, {self.waiting()} records wait, {link}"


def _is_identity_good(config: EdgeConfig, clock: Clock) -> bool:
    stamp = clock.now()
    try:
        identity = read_identity(config.hub, device=config.device)
    except IdentityError:
        return False
    # Without a clock nobody can say that it is over.
    return stamp.quality is ClockQuality.UNKNOWN or time_trouble(identity.certificate, stamp.at)[0]


def names_certificate(trouble: str) -> bool:
    """Return whether a broken connection is one of papers: theirs or ours, as OpenSSL words it."""
    return "certificate" in trouble.lower()


def sign_folder(config: EdgeConfig) -> Path:
    """Return where the agent leaves its sign: beside its status."""
    return next((path.parent for path in status_paths(config) if path.parent.is_dir()), Path())

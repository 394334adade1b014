"""Builds the health watch of a device from its configuration."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from edge.clock import Clock
from edge.config import EdgeConfig
from edge.errors import OutboxUnavailableError
from edge.health.causes.absence import AbsenceWatch
from edge.health.causes.life import LifeFile
from edge.health.causes.outages import Outages
from edge.health.causes.power_watch import PowerWatch
from edge.health.probing.board import Probes
from edge.health.probing.link import LinkProbes
from edge.health.probing.looking import Look
from edge.health.probing.network import RealNetwork
from edge.health.probing.prober import Prober
from edge.health.probing.targets import CameraTarget, target_of
from edge.health.watch import HealthWatch
from edge.outbox import Outbox
from edge.wire.messages import Online, State
from edge.wire.records.bodies import Lane

logger = logging.getLogger(__name__)

# Of each lane; a silence with more rows is no better explained.
_ROWS_LOOKED_AT = 1_000


def build_watch(
    config: EdgeConfig,
    *,
    clock: Clock,
    probes: Probes,
    outbox: Outbox,
    is_connected: Callable[[], bool],
    kept: Callable[[], int],
    say: Callable[[State], bool],
    birth: Callable[[], Online],
) -> HealthWatch:
    """Return the watch, wired to the real network; see :class:`HealthWatch` for the arguments."""
    life_file = LifeFile(Path(config.outbox.path).parent / "life.json")
    previous = life_file.read()
    targets = targets_of(config)
    return HealthWatch(
        outages=Outages(media={camera.id: camera.medium for camera in config.cameras}, reachable=targets),
        prober=Prober(
            look=build_look(config, probes=probes, targets=targets),
            round_every_s=config.health.round_every_s,
        ),
        absence=AbsenceWatch(
            previous=previous,
            boot_id=clock.boot_id,
            reset=probes.reset(),
            medium=config.health.medium,
            count_rows=lambda since: rows_after(outbox, since),
        ),
        power=PowerWatch(
            has_gasped=previous is not None and previous.has_gasped and previous.boot_id == clock.boot_id
        ),
        life_file=life_file,
        clock=clock,
        is_connected=is_connected,
        kept=kept,
        say=say,
        birth=birth,
    )


def targets_of(config: EdgeConfig) -> dict[str, CameraTarget]:
    """Return where the network cameras can be asked."""
    found = (target_of(camera) for camera in config.cameras)
    return {target.camera: target for target in found if target is not None}


def build_look(config: EdgeConfig, *, probes: Probes, targets: dict[str, CameraTarget]) -> Look:
    """Return what asks the real surroundings."""
    health = config.health
    return Look(
        network=RealNetwork(ups=health.ups, ups_host=health.ups_host, ups_port=health.ups_port),
        links=LinkProbes(),
        probes=probes,
        targets=targets,
        gateway=health.gateway,
        switch=health.switch,
    )


def rows_after(outbox: Outbox, since: datetime) -> int:
    """Return how many of the newest waiting rows were recorded after ``since``; 0 if nobody can tell."""
    count = 0
    try:
        for lane in Lane:
            after = max(outbox.newest_place(lane) - _ROWS_LOOKED_AT, -1)
            count += sum(row.at > since for row in outbox.rows(lane, after=after, limit=_ROWS_LOOKED_AT))
    except OutboxUnavailableError as error:
        logger.warning("the rows of the last silence cannot be counted: %s", error)
    return count

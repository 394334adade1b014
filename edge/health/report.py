"""Builds the health record of a device from its probes and its queue."""

from pathlib import Path

from edge.health.probing.board import Probes, disk_free_mib
from edge.health.probing.link import LinkProbes
from edge.health.probing.surroundings import NOTHING_KNOWN, Surroundings
from edge.wire.records.bodies import ClockQuality, DeviceHealth


def device_health(
    probes: Probes,
    *,
    outbox_folder: Path,
    outbox_rows: int,
    outbox_bytes: int,
    rejected_publishes: int,
    surroundings: Surroundings = NOTHING_KNOWN,
    clock: ClockQuality | None = None,
    links: LinkProbes | None = None,
) -> DeviceHealth:
    """Return how the device is now.

    Args:
        probes: Where the board is asked.
        outbox_folder: The disk that matters.
        outbox_rows: Rows that wait for the hub.
        outbox_bytes: Room those rows take.
        rejected_publishes: Messages the broker refused since the start.
        surroundings: What the last round of probing found.
        clock: How good the clock is.
        links: Where the kernel is asked for the speed of the way out, if at all.
    """
    supply = probes.supply()
    ups = surroundings.ups
    way_out = "" if links is None else links.way_out()
    return DeviceHealth(
        uptime_s=min(probes.uptime_s(), 1e9),
        load=min(probes.load(), 10_000.0),
        memory_free_mib=probes.memory_free_mib(),
        disk_free_mib=disk_free_mib(outbox_folder),
        outbox_rows=outbox_rows,
        outbox_bytes=outbox_bytes,
        rejected_publishes=rejected_publishes,
        temperature_c=probes.temperature_c(),
        under_voltage=supply.is_under_voltage,
        had_under_voltage=supply.had_under_voltage,
        throttled=supply.is_throttled,
        on_battery=None if ups is None else ups.is_on_battery,
        battery_share=None if ups is None else ups.charge_share,
        signal_dbm=surroundings.signal_dbm,
        gateway_answers=surroundings.is_gateway_answering,
        disk_life_used_share=probes.disk_life_used_share(),
        clock=clock,
        link_mbit=links.speed_mbit(way_out) if links is not None and way_out else None,
        link_full_duplex=links.is_full_duplex(way_out) if links is not None and way_out else None,
    )

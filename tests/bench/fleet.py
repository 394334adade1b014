"""``./pontive bench fleet``: 51, 500 and 5,000 sites at the real pace of a site, and what grows with them.

Broker, hub and store are the real programs; the sites are simulated in this process, with the real
wire format and with rows that are kept until the hub acknowledges them. Each size runs alone. What is
behind its pace is printed, not hidden: latency then grows and records stay unacknowledged.
"""

import asyncio
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

import click

from tests.bench.fleet_parts.load import Part, differences, exponent, per_site
from tests.bench.fleet_parts.real_hub import FleetBroker, HubIngest, allow_many_files, database_of
from tests.bench.fleet_parts.site import CAMERAS, RECORDS_A_MINUTE
from tests.bench.fleet_parts.swarm import Swarm, Tally

Figures = dict[str, float]
# A street at 640 px, as stills of cameras weigh in tests/data.
STILL_BYTES = 25_000
# Not how long it may take but how long nothing may come: a fleet that the hub meets for the first time,
# with the documents of each site, is busy for minutes on two cores.
PATIENCE_S = 180.0
WARM_S = 5.0
MOST_RECORDS = 10_000
SHORTEST_S = 10.0


async def _drive(swarm: Swarm, parts: dict[str, Part], seconds: float, still_every_s: float) -> Figures:
    try:
        return await _figures(swarm, parts, seconds, still_every_s)
    finally:
        swarm.close()


async def _figures(swarm: Swarm, parts: dict[str, Part], seconds: float, still_every_s: float) -> Figures:
    began_s = time.monotonic()
    await swarm.connect()
    connect_s = time.monotonic() - began_s
    jpeg = b"\xff\xd8\xff" + bytes(STILL_BYTES - 3)
    # The hub meets every site for the first time: series, presence and documents are made then.
    await swarm.run(WARM_S)
    await swarm.settle(PATIENCE_S)
    met_s = time.monotonic() - began_s
    swarm.tally, before_again = _fresh(swarm), swarm.sent_again()
    before, began_s = {name: part.weigh() for name, part in parts.items()}, time.monotonic()
    await swarm.run(seconds, still_every_s=still_every_s, jpeg=jpeg)
    ran_s, behind = time.monotonic() - began_s, swarm.unacknowledged()
    left = await swarm.settle(PATIENCE_S)
    after = {name: part.weigh() for name, part in parts.items()}
    settled_s = time.monotonic() - began_s
    cpu_s = differences(before, after)
    figures: Figures = {
        "connect_s": round(connect_s, 1),
        "first_meeting_s": round(met_s, 1),
        "seconds": round(ran_s, 1),
        "settled_s": round(settled_s, 1),
        "offered_per_s": round(len(swarm.links) * RECORDS_A_MINUTE / 60, 1),
        "accepted_per_s": round(swarm.tally.accepted / ran_s, 1),
        "stills_per_s": round(swarm.tally.stills / ran_s, 1),
        "behind_at_end": behind,
        "lost": left,
        "sent_again": swarm.sent_again() - before_again,
    }
    for name in parts:
        figures[f"{name}_cores"] = round(cpu_s[name] / settled_s, 3)
        # Of what was really done: a machine that others use too shows in the pace, hardly in this.
        figures[f"{name}_ms_a_record"] = round(1000 * cpu_s[name] / max(1, swarm.tally.acknowledged), 3)
        figures[f"{name}_mib"] = round(after[name].memory_mib, 1)
    return figures | _latency(swarm.tally)


def _fresh(swarm: Swarm) -> Tally:
    tally = Tally()
    for link in swarm.links:
        link.tally = tally
    return tally


def _latency(tally: Tally) -> Figures:
    if len(tally.latencies_ms) < 2:
        return {}
    cuts = statistics.quantiles(tally.latencies_ms, n=100)
    return {"p50_ms": round(cuts[49], 1), "p99_ms": round(cuts[98], 1)}


def measure(
    sites: int, *, kind: str, workers: int, seconds: float, still_every_s: float, seed: int
) -> Figures:
    """Return the figures of one size."""
    devices = [f"site-{number:05}" for number in range(sites)]
    with tempfile.TemporaryDirectory(prefix="pontive-fleet-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto runs as another user
        with database_of(kind, folder) as (url, server):
            broker = FleetBroker(folder)
            hub = HubIngest(folder / "hub", broker, url, workers=workers)
            swarm = Swarm(devices, broker.plain_port, chance=random.Random(f"{seed}-{sites}"))
            try:
                hub.load(devices)
                broker.start()
                process = hub.start()
                # Broker, hub and store are children of this process too.
                sites_alone = Part(os.getpid(), with_children=False)
                parts = {"broker": Part(broker.pid), "hub": Part(process.pid), "sites": sites_alone}
                if server is not None:
                    parts["store"] = Part(server)
                figures = asyncio.run(_drive(swarm, parts, seconds, still_every_s))
            finally:
                hub.stop()
                broker.stop()
    return {"sites": sites, "cameras": sites * CAMERAS, "workers": workers} | figures


def window_s(sites: int, seconds: float) -> float:
    """Return how long a size is measured: the pace of a site is never changed, only the window.

    Of 10,000 records a figure is as good as of more, and what two cores fall behind must be waited for.
    """
    return min(seconds, max(SHORTEST_S, MOST_RECORDS / (sites * RECORDS_A_MINUTE / 60)))


def growth(rows: list[Figures]) -> Figures:
    """Return how each part grows from the smallest fleet to the largest, and what one site more costs."""
    sites = [int(row["sites"]) for row in rows]
    kinds = ("_cores", "_ms_a_record", "_mib")
    names = [name for name in rows[0] if name.endswith(kinds) and not name.startswith("sites_")]
    found: Figures = {}
    for name in names:
        values = [row[name] for row in rows]
        slope = exponent(sites, values)
        if slope is not None:
            found[f"{name}_exponent"] = round(slope, 2)
            found[f"{name}_per_1000_sites"] = round(1000 * per_site(sites, values), 3)
    return found


def _say(row: Figures) -> None:
    store = f", store {row['store_ms_a_record']} / {row['store_mib']} MiB" if "store_mib" in row else ""
    print(
        f"{row['sites']:5.0f} sites, {row['cameras']:.0f} cameras: {row['accepted_per_s']} records/s of "
        f"{row['offered_per_s']}, {row['stills_per_s']} stills/s; "
        f"p50 {row.get('p50_ms', 0):.0f} ms, p99 {row.get('p99_ms', 0):.0f} ms; "
        f"CPU ms a record: broker {row['broker_ms_a_record']} / {row['broker_mib']} MiB, "
        f"hub {row['hub_ms_a_record']} / {row['hub_mib']} MiB{store}, simulator {row['sites_ms_a_record']}; "
        f"behind at the end {row['behind_at_end']:.0f}, all in after {row['settled_s']} s; "
        f"sent again {row['sent_again']:.0f}, lost {row['lost']:.0f}",
        flush=True,
    )


@click.command()
@click.option(
    "--sites", "sizes", default="51,500,5000", show_default=True, help="Sizes, one after the other."
)
@click.option("--seconds", default=30.0, show_default=True, help="At most; a large fleet shorter.")
@click.option("--workers", default=1, show_default=True, help="[ingest] workers; above 1 on PostgreSQL.")
@click.option("--database", "kind", type=click.Choice(["sqlite", "postgresql"]), default=None)
@click.option("--still-every-s", default=0.0, show_default=True, help="A still a camera; 0: none.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "is_json", is_flag=True, help="One object a line.")
def command(
    sizes: str, seconds: float, workers: int, kind: str | None, still_every_s: float, seed: int, is_json: bool
) -> None:
    """Simulate fleets of several sizes and see what each part of the hub costs, and how it grows."""
    allow_many_files()
    kind = kind or ("postgresql" if workers > 1 else "sqlite")
    rows = []
    for size in map(int, sizes.split(",")):
        row = measure(
            size,
            kind=kind,
            workers=workers,
            seconds=window_s(size, seconds),
            still_every_s=still_every_s,
            seed=seed,
        )
        rows.append(row)
        print(json.dumps(row), flush=True) if is_json else _say(row)
    grown = growth(rows)
    if is_json:
        print(json.dumps({"growth": grown}), flush=True)
    else:
        for name, value in grown.items():
            print(f"{name:36} {value}")
    if any(row["lost"] for row in rows):
        raise SystemExit(1)

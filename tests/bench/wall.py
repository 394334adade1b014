"""``./pontive bench wall``: 147 cameras on one wall of a real browser, and what that costs.

Real broker, real web process, Chromium at 1920 x 1080 painting in software. Each camera's picture
carries the time at which it was made; the page is asked again and again how old its tiles are.
The hub's cost is measured with one wall and with several, to show that it does not grow.
"""

import json
import statistics
import time
from typing import Any

import click
from _control_room import CAMERAS, Fleet, city, clock_ms, control_room, cpu_s

# Reads the blocks of every tile out of the sheet that is shown now; returns milliseconds or null each.
READ_CLOCKS = """
async (wanted) => {
  const wall = document.getElementById('wall');
  const address = wall.style.getPropertyValue('--sheet').slice(5, -2);
  if (!address) return null;
  if (window.readSheet?.address !== address) {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = picture.width; canvas.height = picture.height;
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.drawImage(picture, 0, 0);
    const clocks = [];
    for (let place = 0; place < wanted; place += 1) {
      const left = (place % 14) * 192, top = Math.floor(place / 14) * 108;
      const { data } = pen.getImageData(left, top + 8, 192, 1);
      let value = 0;
      for (let bit = 0; bit < 32; bit += 1) value = value * 2 + (data[(bit * 6 + 3) * 4] > 127 ? 1 : 0);
      clocks.push(value);
    }
    window.readSheet = { address, clocks };
  }
  return window.readSheet.clocks;
}
"""
WATCH_TASKS = """
() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
  }).observe({ entryTypes: ['longtask'] });
}
"""


@click.command()
@click.option("--seconds", default=20.0, help="How long each part is measured.")
@click.option("--walls", default=4, help="How many walls the second part has.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(seconds: float, walls: int, as_json: bool) -> None:
    """Measure the wall."""
    inventory = city()
    with control_room(inventory) as room:
        fleet = Fleet(room.broker, inventory)
        try:
            figures = _measure(room, fleet, seconds, walls)
        finally:
            fleet.stop()
    if as_json:
        click.echo(json.dumps(figures))
        return
    click.echo(f"{CAMERAS} tiles, one wall, {seconds:.0f} s")
    for name, value in figures.items():
        click.echo(f"  {name:28} {value}")


def _measure(room: Any, fleet: Fleet, seconds: float, walls: int) -> dict[str, Any]:
    context, chromium = room.browser()
    page = context.new_page()
    traffic = [0]
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.dataReceived", lambda event: traffic.__setitem__(0, traffic[0] + event["encodedDataLength"])
    )
    began_s = time.monotonic()
    page.goto(room.url + "dinding")
    page.evaluate(WATCH_TASKS)
    _until_full(page)
    full_s = time.monotonic() - began_s
    page.evaluate("window.longTasks.length = 0")
    begin = (time.monotonic(), cpu_s(chromium), cpu_s(room.web), traffic[0], fleet.sent)
    page.wait_for_timeout(1000 * seconds)
    lasted_s = time.monotonic() - begin[0]
    chromium_core = (cpu_s(chromium) - begin[1]) / lasted_s
    hub_core = (cpu_s(room.web) - begin[2]) / lasted_s
    mbit_s = (traffic[0] - begin[3]) * 8 / 1e6 / lasted_s
    tiles_s = (fleet.sent - begin[4]) / lasted_s
    long_tasks = page.evaluate("window.longTasks.length")
    ages = _ages(page, seconds)  # after the figures above: reading canvases is work, too
    more = [context.new_page() for _ in range(walls - 1)]
    for each in more:
        each.goto(room.url + "dinding")
    page.wait_for_timeout(3000)
    begin_s, hub_s = time.monotonic(), cpu_s(room.web)
    page.wait_for_timeout(1000 * seconds)
    many_core = (cpu_s(room.web) - hub_s) / (time.monotonic() - begin_s)
    context.browser.close()
    return {
        "mbit_s": round(mbit_s, 3),
        "chromium_core": round(chromium_core, 3),
        "long_tasks": long_tasks,
        "tile_age_p50_s": round(statistics.median(ages), 2),
        "tile_age_p95_s": round(statistics.quantiles(ages, n=20)[-1], 2),
        "hub_core": round(hub_core, 3),
        f"hub_core_{walls}_walls": round(many_core, 3),
        "full_after_s": round(full_s, 2),
        "thumbs_a_second": round(tiles_s, 1),
    }


def _until_full(page: Any) -> None:
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        clocks = page.evaluate(READ_CLOCKS, CAMERAS)
        if clocks and all(_age_s(clock) is not None for clock in clocks):
            return
        page.wait_for_timeout(200)
    raise click.ClickException("the wall was not full within a minute")


def _ages(page: Any, seconds: float) -> list[float]:
    ages: list[float] = []
    ends_at_s = time.monotonic() + seconds
    while time.monotonic() < ends_at_s:
        for clock in page.evaluate(READ_CLOCKS, CAMERAS) or []:
            age_s = _age_s(clock)
            if age_s is not None:
                ages.append(age_s)
        page.wait_for_timeout(230)
    return ages


def _age_s(clock: int) -> float | None:
    """Return how old a stamped picture is; None when what was read is no stamp of these minutes."""
    age_s = ((clock_ms() - clock) & 0xFFFFFFFF) / 1000
    return age_s if age_s < 600 else None


if __name__ == "__main__":
    command()

"""``./pontive torture``: break things, and count.

``[--scenario NAME] [--seed N] [--minutes N] [--json] [--ci] [--list]``

Each scenario is a module of ``scenarios/`` with ``run(seed) -> Iterator[dict]``, one line a run, and the
limits it promises. A line whose ``control`` is set comes from a design that is known to be wrong: it
must lose, or the scenario proves nothing. Exit code 1 on any breach. docs/torture.md tells how to read it.

Without ``--scenario`` those that judge no short time (``BESIDE``) run two at a time, each a process of its
own; then those that do, one after the other.
"""

import importlib
import json
import logging
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import click

FOLDER = Path(__file__).parent
# As many as the cores that the ten minutes are promised for.
AT_ONCE = 2
sys.path[:0] = [str(FOLDER.parent.parent)]

from tests.torture.report import KEYS, complete, is_broken  # noqa: E402 - found only now
from tests.torture.seeds import keep_seed, kept_seeds  # noqa: E402


def scenario_names() -> list[str]:
    """Return the modules of ``scenarios/``."""
    return sorted(path.stem for path in (FOLDER / "scenarios").glob("[a-z]*.py"))


def scenario(name: str) -> ModuleType:
    """Return the module of a scenario."""
    return importlib.import_module(f"tests.torture.scenarios.{name}")


def lines_of(name: str, seed: int, **options: float) -> Iterator[dict[str, Any]]:
    """Yield the judged lines of one run; one that breaks off is a line too."""
    module = scenario(name)
    most, least = getattr(module, "MOST", {}), getattr(module, "LEAST", {})
    try:
        for line in module.run(seed, **options):
            controlled = bool(line.get("control"))
            yield complete(
                line, seed=seed, most={} if controlled else most, least={} if controlled else least
            )
    except Exception as error:  # the outermost loop: the other scenarios have their turn
        logging.getLogger("torture").exception("%s broke off", name)
        told = f"{type(error).__name__}: {str(error)[:300]}"
        yield dict.fromkeys(KEYS) | {"scenario": name, "seed": seed, "breaches": [f"it broke off: {told}"]}


@click.command()
@click.option("--scenario", "only", type=click.Choice(scenario_names()), help="Only this one; default: all.")
@click.option("--seed", type=int, help="The same seed gives the same faults; default: a new one.")
@click.option("--minutes", type=click.FloatRange(1), help="How long `memory` looks at the edge; default: 1.")
@click.option("--json", "is_json", is_flag=True, help="Nothing but JSON on standard output.")
@click.option("--ci", "is_ci", is_flag=True, help="The scenarios that each change is tried on, two minutes.")
@click.option("--list", "is_list", is_flag=True, help="Name the scenarios, and run none.")
def main(
    only: str | None, seed: int | None, minutes: float | None, is_json: bool, is_ci: bool, is_list: bool
) -> None:
    """Run the scenarios and print one JSON object a line."""
    if is_list:
        _list()
        return
    if minutes is not None and only != "memory":
        raise click.UsageError("--minutes goes with --scenario memory, which alone looks longer")
    options = {} if minutes is None else {"minutes": minutes}
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("edge", "hub", "provisioning"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)  # damage is the purpose here
    names = (
        [only] if only else [n for n in scenario_names() if not is_ci or getattr(scenario(n), "CI", False)]
    )
    began_s = time.monotonic()
    if only or is_ci:
        broken = sum(_run(name, seed, is_json=is_json, **options) for name in names)
    else:
        broken = _run_all(names, seed, is_json=is_json)
        click.echo(f"all: {time.monotonic() - began_s:.0f} s", err=True)
    if broken:
        click.echo(f"{broken} lines above break a promise; their seeds are kept in seeds.toml", err=True)
    sys.exit(1 if broken else 0)


def _run_all(names: Sequence[str], seed: int | None, *, is_json: bool) -> int:
    """Run all, those that may have company first; return how many lines break a promise."""
    beside = [name for name in names if getattr(scenario(name), "BESIDE", False)]
    voice, running = threading.Lock(), set[subprocess.Popen[str]]()

    def run(name: str) -> int:
        command = [sys.executable, str(FOLDER), "--scenario", name, "--json"]
        command += [] if seed is None else ["--seed", str(seed)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.add(process)
        said, told = process.communicate()
        with voice:
            click.echo(told, err=True, nl=False)
            click.echo(said, nl=False)
        lines = [json.loads(line) for line in said.splitlines()]
        # One that was ended without a word is as broken as a line that says so.
        return sum(map(is_broken, lines)) or int(process.returncode != 0)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            broken = sum(pool.map(run, beside))
        except BaseException:  # whoever ends us leaves no city behind
            pool.shutdown(wait=False, cancel_futures=True)
            for process in running:
                process.terminate()
            raise
    return broken + sum(_run(name, seed, is_json=is_json) for name in names if name not in beside)


def _run(name: str, seed: int | None, *, is_json: bool, **options: float) -> int:
    """Run one scenario, its kept seeds first; return how many lines break a promise."""
    seeds = [*kept_seeds(name), random.SystemRandom().randrange(2**31)] if seed is None else [seed]
    began_s = time.monotonic()
    broken = 0
    for each in seeds:
        click.echo(f"{name}: seed {each}", err=is_json)
        for line in lines_of(name, each, **options):
            click.echo(json.dumps(line))
            if is_broken(line):
                broken += 1
                if line["accepted"] is not None:  # one that broke off says nothing of its seed
                    keep_seed(
                        name, each, "; ".join(line["breaches"] + line["slow"]), today=datetime.now(UTC).date()
                    )
    click.echo(f"{name}: {time.monotonic() - began_s:.0f} s", err=True)
    return broken


def _list() -> None:
    for name in scenario_names():
        module = scenario(name)
        first = (module.__doc__ or "").strip().splitlines()[0].removeprefix("Scenario: ")
        click.echo(f"{name:10} {'ci' if getattr(module, 'CI', False) else '  '}  {first}")


if __name__ == "__main__":
    # Whoever ends us gets no city left behind: what runs is taken down on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main(prog_name="./pontive torture")

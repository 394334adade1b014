"""``./pontive torture [--scenario NAME] [--seed N] [--json]``: break things on purpose and count.

Each scenario is a module beside this one with ``run(seed) -> Iterator[dict]``, one line a run. A line
whose ``control`` is set comes from a design that is known to be wrong: it must lose, or the
scenario proves nothing. Exit code 1 on any breach.
"""

import importlib
import json
import logging
import random
import sys
import time
from pathlib import Path

import click

FOLDER = Path(__file__).parent
KEYS = (
    "scenario",
    "control",
    "accepted",
    "in_hub",
    "lost",
    "wrong",
    "dups",
    "dead",
    "heal_s",
    "cuts",
)


def scenario_names() -> list[str]:
    """Return the modules beside this one that have a scenario."""
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py") if "def run(seed: int)" in path.read_text())


def is_breach(line: dict) -> bool:
    """Return whether a line breaks the promise, or a control fails to break it."""
    if line["control"]:
        return not line["lost"]
    return bool(line["lost"] or line["wrong"])


@click.command()
@click.option("--scenario", type=click.Choice(scenario_names()), help="Only this one; default: all.")
@click.option("--seed", type=int, help="The same seed gives the same faults; default: a new one.")
@click.option("--json", "is_json", is_flag=True, help="Nothing but JSON on standard output.")
def main(scenario: str | None, seed: int | None, is_json: bool) -> None:
    """Run the scenarios and print one JSON object a line."""
    logging.getLogger("edge").setLevel(logging.CRITICAL)  # damage is the purpose here
    seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    click.echo(f"seed {seed}", err=is_json)
    breaches = 0
    for name in [scenario] if scenario else scenario_names():
        began_s = time.monotonic()
        for line in importlib.import_module(name).run(seed):
            # The keys of all scenarios first; a scenario may add its own.
            click.echo(json.dumps({key: line[key] for key in KEYS} | line))
            breaches += is_breach(line)
        click.echo(f"{name}: {time.monotonic() - began_s:.0f} s", err=True)
    if breaches:
        click.echo(f"{breaches} of the lines above break a promise; repeat with --seed {seed}", err=True)
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    sys.path[:0] = [str(FOLDER), str(FOLDER.parent.parent)]
    main(prog_name="./pontive torture")

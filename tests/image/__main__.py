"""``./pontive image test [--json]``: builds the image, boots it, enrols it, updates it, cuts its power.

The image runs in QEMU and talks to a real mosquitto and a real hub on this machine. Exit code 1
when a stage fails; the stages before it are reported all the same. When all went well and everything is
committed, ``firmware_images/proved.toml`` says so, and ``.ci/run`` asks no second time.
"""

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

FOLDER = Path(__file__).parent
PROJECT = FOLDER.parents[1]


@click.command()
@click.option("--json", "is_json", is_flag=True, help="Nothing but JSON on standard output.")
@click.option("--until", default="", help="Stop after this stage, as boot or enrol.")
@click.option(
    "--at-rest",
    "is_at_rest",
    is_flag=True,
    help="Weigh a device with two cameras that a USB stick enrols; no updates.",
)
@click.option("--folder", type=click.Path(path_type=Path), default=PROJECT / ".image")
def main(is_json: bool, until: str, is_at_rest: bool, folder: Path) -> None:
    """Run the stages and print one JSON object."""
    from stages import run_stages

    from provisioning.image.proved import inputs_of, keep_proof

    def say(line: str) -> None:
        click.echo(line, err=is_json)

    began = inputs_of(PROJECT)
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="trial-", dir=folder) as scratch:
        result = run_stages(folder, Path(scratch), until=until, is_at_rest=is_at_rest, say=say)
    say(keep_proof(PROJECT, result, began=began, on=datetime.now(UTC).date()))
    click.echo(json.dumps(result))
    sys.exit(1 if result["failed"] else 0)


if __name__ == "__main__":
    sys.path[:0] = [str(FOLDER), str(PROJECT)]
    main(prog_name="./pontive image test")

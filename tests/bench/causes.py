"""``./pontive bench causes``: how many simulated outages get the cause and the reach they really had.

Prints ``{cases, right, share, wrong_and_certain}``. Each case really happens: devices speak, ingest
keeps, the keeper judges. The table is tests/data/outages/causes.txt, or any of the same form.
"""

import json
import tempfile
from pathlib import Path

import click

from tests.hub.cctv.outages.causes_table import TABLE, judge_all, read_table


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--table", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=TABLE)
@click.option("--only", default="", help="Only cases whose name holds this.")
def command(as_json: bool, table: Path, only: str) -> None:
    """Let every outage of the table happen and compare what the hub thought of it."""
    cases = [case for case in read_table(table) if only in case.name]
    with (
        tempfile.TemporaryDirectory() as folder,
        click.progressbar(
            judge_all(cases, Path(folder)), length=len(cases), file=click.get_text_stream("stderr")
        ) as judged,
    ):
        outcomes = list(judged)
    right = sum(outcome.is_right for outcome in outcomes)
    figures = {
        "cases": len(outcomes),
        "right": right,
        "share": round(right / max(1, len(outcomes)), 4),
        "wrong_and_certain": sum(bool(outcome.sure_and_wrong) for outcome in outcomes),
    }
    if as_json:
        click.echo(json.dumps(figures))
        return
    for outcome in outcomes:
        if not outcome.is_right or outcome.sure_and_wrong:
            said = (
                ", ".join(f"{cause}@{scope} {sure:.2f}" for cause, scope, sure in outcome.found) or "nothing"
            )
            click.echo(f"{outcome.case.name}: was {outcome.case.truth}, said {said} {outcome.sure_and_wrong}")
    click.echo(
        f"{figures['cases']} outages, {figures['share']:.1%} right, "
        f"{figures['wrong_and_certain']} wrong although certain"
    )

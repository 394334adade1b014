"""``./pontive bench diagnosis``: how many scripted outages get the cause they really had.

Prints ``{outages, right_share, sure_and_wrong}``; the table is tests/data/health/outages.txt.
"""

import json

import click

from tests.edge.health.causes.outage_table import SURE, rows, verdict_of


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Judge every outage of the table and compare with what was really broken."""
    judged = [(name, cause, verdict_of(words)) for name, words, cause in rows()]
    wrong = [(name, cause, verdict) for name, cause, verdict in judged if verdict.cause is not cause]
    figures = {
        "outages": len(judged),
        "right_share": round(1 - len(wrong) / len(judged), 4),
        "sure_and_wrong": sum(verdict.confidence >= SURE for _, _, verdict in wrong),
    }
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, cause, verdict in wrong:
        click.echo(f"{name}: was {cause}, judged {verdict.cause} ({verdict.confidence:.2f})")
    click.echo(
        f"{figures['outages']} outages, {figures['right_share']:.1%} right, "
        f"{figures['sure_and_wrong']} wrong although sure"
    )

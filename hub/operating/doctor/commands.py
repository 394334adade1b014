"""``pontive-hub doctor``. Exit codes: 0 nothing is bad, 1 something is, 2 misuse."""

import gettext
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

import hub.web
from hub.command_line import config_option
from hub.operating.doctor.service import examine
from hub.operating.findings import Finding, State

_TRANSLATIONS = Path(hub.web.__file__).parent / "translations"
_MARKS = {State.GOOD: "ok  ", State.WARN: "WARN", State.BAD: "BAD "}


def doctor_command(*, now: Callable[[], datetime]) -> click.Command:
    """Return the command."""

    @click.command("doctor")
    @config_option
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    @click.pass_context
    def doctor(context: click.Context, config_path: Path, is_json: bool) -> None:
        """Look at everything the hub stands on; name what is wrong and what to do."""
        found = examine(config_path, now=now())
        if is_json:
            click.echo(json.dumps([_facts(one) for one in found]))
        else:
            for one in found:
                _say(one)
        context.exit(int(any(one.state is State.BAD for one in found)))

    return doctor


def _facts(one: Finding) -> dict[str, str | None]:
    says, remedy = spoken(one)
    since = one.since.isoformat() if one.since else None
    return {
        "check": one.check,
        "state": one.state,
        "problem": one.problem,
        "says": says,
        "remedy": remedy,
        "since": since,
    }


def _say(one: Finding) -> None:
    says, remedy = spoken(one)
    since = f" (since {one.since:%Y-%m-%d %H:%M} UTC)" if one.since and one.state is not State.GOOD else ""
    click.echo(f"{_MARKS[one.state]} {one.check:<13} {says}{since}")
    if remedy:
        click.echo(f"{'':>19}{remedy}")


def spoken(one: Finding) -> tuple[str, str]:
    """Return the sentence of a finding and its remedy in English, as all commands speak."""
    english = gettext.translation("messages", _TRANSLATIONS, ["en"], fallback=True)
    words = one.words
    return english.gettext(words.says) % dict(one.facts), words.remedy and english.gettext(words.remedy)

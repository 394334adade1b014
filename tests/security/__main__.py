"""``./pontive check security``: the 42 checks, each by its tests or command; one line each.

Exit codes: 0 all passed, 1 something failed, 2 wrong use.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("checks.toml")
WORDS = {"pass": "pass", "fail": "FAIL", "n/a": "n/a "}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a check came out, and why if it did not simply pass."""

    number: int
    what: str
    covers: str
    result: str
    why: str


def read_checks() -> list[dict[str, Any]]:
    """Return the table, in order."""
    checks: list[dict[str, Any]] = tomllib.loads(TABLE.read_text("utf-8"))["check"]
    return checks


def run_tests(ids: list[str]) -> dict[str, str]:
    """Run tests once; return what is wrong with each that did not pass, empty for one that did.

    A test with parameters passes when all of its cases do.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        called = map(_as_pytest_calls_it, ids)
        done = subprocess.run([*command, *called], cwd=ROOT, stdout=sys.stderr, check=False)
        if not report.exists():
            return dict.fromkeys(ids, f"pytest ended with {done.returncode}")
        cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    return {one: _said_of(one, cases) for one in ids}


def _as_pytest_calls_it(test: str) -> str:
    """Put the class of a test between its file and its name; one that is not found stops all of them."""
    file, _colons, name = test.partition("::")
    source = (ROOT / file).read_text("utf-8")
    before, found, _after = source.partition(f"    def {name}(")
    if f"\ndef {name}(" in source or not found:
        return test
    classes = re.findall(r"^class (\w+)", before, re.M)
    return f"{file}::{classes[-1]}::{name}"


def _said_of(test: str, cases: list[ElementTree.Element]) -> str:
    file, _colons, name = test.partition("::")
    module = file.removesuffix(".py").replace("/", ".")
    plain = name.rpartition("::")[2]
    mine = [
        case
        for case in cases
        if case.get("classname", "").startswith(module) and case.get("name", "").partition("[")[0] == plain
    ]
    if not mine:
        return "was not run"
    for case in mine:
        for kind in ("failure", "error"):
            if (found := case.find(kind)) is not None:
                return f"{plain}: {found.get('message', kind).splitlines()[0][:160]}"
    skipped = [one for case in mine if (one := case.find("skipped")) is not None]
    return f"skipped: {skipped[0].get('message', '')}" if len(skipped) == len(mine) else ""


def run_command(command: list[str]) -> str:
    """Run a program of our environment; return what is wrong, or nothing."""
    program = Path(sys.executable).parent / command[0]
    done = subprocess.run([str(program), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    return (
        "" if done.returncode == 0 else (done.stdout + done.stderr).strip()[:200] or f"exit {done.returncode}"
    )


def judge(check: dict[str, Any], said: dict[str, str]) -> Verdict:
    """Return how a check came out."""
    head = (check["number"], check["what"], check["covers"])
    if reason := check.get("not_applicable"):
        return Verdict(*head, "n/a", reason)
    troubles = [said[test] for test in check.get("tests", ()) if said[test]]
    if command := check.get("command"):
        troubles += [text for text in [run_command(command)] if text]
    if troubles and all(text.startswith("skipped: ") for text in troubles):
        # What this machine cannot run proves nothing here; it is no pass.
        return Verdict(*head, "n/a", troubles[0])
    return Verdict(*head, "fail" if troubles else "pass", "; ".join(troubles))


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One object a line, for a program.")
@click.option("--only", default="", help="Numbers of checks, as 5,8,24.")
def main(*, is_json: bool, only: str) -> None:
    """Run the 42 checks, each by its tests or its command."""
    wanted = {int(one) for one in only.split(",") if one.strip().isdecimal()}
    checks = [one for one in read_checks() if not wanted or one["number"] in wanted]
    ids = sorted({test for one in checks for test in one.get("tests", ())})
    said = run_tests(ids) if ids else {}
    verdicts = [judge(check, said) for check in checks]
    for one in verdicts:
        text = f"{one.number:>2} {WORDS[one.result]} {one.what} [{one.covers}]"
        click.echo(json.dumps(asdict(one)) if is_json else text + (f"\n        {one.why}" if one.why else ""))
    failed = sum(one.result == "fail" for one in verdicts)
    if not is_json:
        click.echo(f"{len(verdicts) - failed} of {len(verdicts)} are fine or do not apply, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

"""Weaknesses are found in an export of OSV, by version, and overdue ones fail the command."""

import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.security.advisories import main, shipped_of, weaknesses

SHIPPED = (("Kapal_Layar", "2.10"), ("jangkar", "1.0.post1"))
BILL = {"components": [{"name": name, "version": version} for name, version in SHIPPED]}
OVER_NETWORK = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
LOCAL = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]


def advisory(
    *events: dict[str, str], name: str = "kapal-layar", published: date = date(2026, 1, 1), **more: Any
) -> dict[str, Any]:
    affected = {
        "package": {"ecosystem": more.pop("ecosystem", "PyPI"), "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
        "versions": more.pop("versions", []),
    }
    at = f"{published}T03:14:22Z"
    return {"id": "PYSEC-1", "published": at, "modified": at, "affected": [affected], **more}


@pytest.mark.parametrize(
    ("events", "is_hit"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "2.10"}], False),
        ([{"introduced": "0"}, {"fixed": "2.10.1"}], True),
        ([{"introduced": "0"}, {"fixed": "2.9"}], False),  # as numbers, not as texts
        ([{"introduced": "2.11"}], False),
        ([{"introduced": "0"}, {"last_affected": "2.10"}], True),
        ([{"introduced": "0"}, {"last_affected": "2.9"}], False),
        ([{"introduced": "0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"fixed": "2.20"}], True),
        ([{"introduced": "0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"fixed": "2.1"}], False),
    ],
)
def test_a_version_is_hit_when_it_lies_between_the_events(events: list[dict[str, str]], is_hit: bool) -> None:
    assert bool(list(weaknesses(shipped_of(BILL), [advisory(*events)]))) is is_hit


def test_what_is_withdrawn_or_of_another_package_or_registry_is_no_hit() -> None:
    always = {"introduced": "0"}
    others = [
        advisory(always, withdrawn="2026-02-01T00:00:00Z"),
        advisory(always, name="kapal"),
        advisory(always, ecosystem="npm"),
        advisory(name="jangkar", versions=["1.0"]),
    ]
    assert list(weaknesses(shipped_of(BILL), others)) == []
    (named,) = weaknesses(shipped_of(BILL), [advisory(name="jangkar", versions=["1.0.post1"])])
    assert named.package == "jangkar"


def test_what_is_reached_over_a_network_is_due_in_a_week_and_the_rest_in_a_month() -> None:
    always, shipped = {"introduced": "0"}, shipped_of(BILL)
    spans = [
        next(weaknesses(shipped, [advisory(always, **more)])).due - date(2026, 1, 1)
        for more in ({"severity": OVER_NETWORK}, {"severity": LOCAL}, {})
    ]
    assert [span.days for span in spans] == [7, 30, 7]


def test_each_of_several_versions_of_a_package_is_looked_at() -> None:
    bill = {"components": [{"name": "kapal-layar", "version": version} for version in ("2.4.6", "2.5.5")]}
    events = ({"introduced": "0"}, {"fixed": "2.5"})
    assert [one.version for one in weaknesses(shipped_of(bill), [advisory(*events)])] == ["2.4.6"]


def run(folder: Path, *told: dict[str, Any], least: str = "1") -> Any:
    export = folder / "all.zip"
    with zipfile.ZipFile(export, "w") as packed:
        for number, one in enumerate(told):
            packed.writestr(f"PYSEC-{number}.json", json.dumps(one))
    return CliRunner().invoke(main, [str(export), "--least", least], input=json.dumps(BILL))


def test_the_command_fails_when_something_is_overdue_and_names_the_remedy(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    events = ({"introduced": "0"}, {"fixed": "2.11"})
    new = advisory(*events, published=today - timedelta(days=2), aliases=["CVE-2026-1"])
    fresh = run(tmp_path, new)
    assert fresh.exit_code == 0
    assert "kapal-layar 2.10: PYSEC-1, CVE-2026-1" in fresh.output
    assert f"use 2.11; due {today + timedelta(days=5)}" in fresh.output
    old = run(tmp_path, new, advisory(*events, published=today - timedelta(days=8)))
    assert old.exit_code == 1
    assert "OVERDUE since" in old.output
    assert "2 weaknesses, 1 overdue" in old.output


def test_a_cut_export_is_refused_and_not_taken_for_good_news(tmp_path: Path) -> None:
    assert run(tmp_path, advisory({"introduced": "0"}), least="1000").exit_code == 2
    (tmp_path / "no.zip").write_bytes(b"no archive")
    refused = CliRunner().invoke(main, [str(tmp_path / "no.zip")], input=json.dumps(BILL))
    assert refused.exit_code == 2
    assert "no export of OSV" in refused.output

"""The documents keep up with the code: generated pages, named files, links."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(p for p in (ROOT / "docs").rglob("*.md")) + [
    ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
]


def generated_pages() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: make() for name, make in module.PAGES.items()}


@pytest.mark.parametrize(("name", "text"), generated_pages().items(), ids=list(generated_pages()))
def test_a_generated_page_is_as_new_as_its_code(name: str, text: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == text, "run ./pontive docs"


def test_every_file_the_overview_walks_through_exists() -> None:
    overview = (ROOT / "docs" / "overview.md").read_text("utf-8")
    named = re.findall(r"`((?:edge|hub|provisioning|tests|docs)/[a-z0-9_/.]+)`", overview)
    assert len(named) >= 20, "the overview names the files a record passes"
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_every_promise_names_tests_that_exist() -> None:
    promises = (ROOT / "docs" / "promises.md").read_text("utf-8")
    named = re.findall(r"`(tests/[a-z0-9_/]+\.py)(?:::(test_[a-z0-9_]+))?`", promises)
    assert named
    for path, test in named:
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{path}::{test}"


def test_every_promise_names_torture_that_exists() -> None:
    promises = (ROOT / "docs" / "promises.md").read_text("utf-8")
    named = set(re.findall(r"`\./pontive torture --scenario ([a-z0-9]+)`", promises))
    there = {path.stem for path in (ROOT / "tests/torture/scenarios").glob("*.py")}
    assert named == there, "each scenario proves a promise, and each promise's scenario is there"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_of_a_page_is_dead(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_contributing_page_stays_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) <= 40

"""The small API of the tests says what the real one said: recorded exchanges, one after the other."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.provisioning.fleets.openbalena import OpenBalena

OWN = Path(__file__).parents[2] / "data/balena/exchanges.json"
SHARED = Path(__file__).parents[3] / "../shared/data/balena_contract.json"


def agrees(said: Any, recorded: Any, place: str) -> None:
    """Assert that an answer has no field and no type that the recorded one has not."""
    if isinstance(recorded, dict):
        assert isinstance(said, dict), place
        for name, value in said.items():
            assert name in recorded, f"{place}.{name}"
            if value is not None and recorded[name] is not None:
                agrees(value, recorded[name], f"{place}.{name}")
    elif isinstance(recorded, list):
        assert isinstance(said, list), place
        assert len(said) == len(recorded), place
        for number, (one, other) in enumerate(zip(said, recorded, strict=True)):
            # A nested row may be shown whole here, with fields that nobody asked for.
            agrees({k: v for k, v in one.items() if k in other}, other, f"{place}[{number}]")
    else:
        assert type(said) is type(recorded), place


@pytest.mark.parametrize("path", [OWN, SHARED], ids=["own", "shared"])
def test_the_api_of_the_tests_answers_as_the_recorded_one(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    api = OpenBalena()
    try:
        for number, one in enumerate(json.loads(path.read_text())):
            if one["path"].startswith("/device/v3/") and one["method"] == "GET":
                continue  # what a device asks for itself; the adapter never does
            status, said = api.answer(one["method"], one["path"], one["request"], api.token)
            place = f"{number} {one['method']} {one['path'][:90]}"
            assert status == one["status"], place
            agrees(said, one["response"], place)
    finally:
        api.close()

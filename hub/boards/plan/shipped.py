"""The boards that ship, from the files in ``hub/boards/shipped``."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from edge.wire.strict_toml import TomlError, read_toml
from hub.boards.plan.rules import faults_of
from hub.boards.plan.shape import BoardPlan
from hub.errors import InputError

FOLDER = Path(__file__).parents[1] / "shipped"


@cache
def shipped_plans() -> Mapping[str, BoardPlan]:
    """Return the boards that ship by their codes, in the order of the files.

    Raises:
        InputError: a file has a mistake.
    """
    return read_plans(FOLDER)


def read_plans(folder: Path) -> Mapping[str, BoardPlan]:
    """Read all boards of a folder.

    Raises:
        InputError: names the file and what is wrong.
    """
    found: dict[str, BoardPlan] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            plan = read_toml(path, BoardPlan)
        except TomlError as error:
            raise InputError(str(error)) from error
        faults = faults_of(plan)
        if faults or plan.code in found:
            raise InputError(f"{path}: {'; '.join(faults) or f'papan {plan.code!r} ada dua kali'}")
        found[plan.code] = plan
    return found

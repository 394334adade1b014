"""Commands that are loaded when they are asked for."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from hub.cli import main
from hub.commands import COMMANDS


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_listed_under_the_name_it_has(name: str) -> None:
    command = COMMANDS[name]()
    assert command.name == name
    assert f"  {name} " in CliRunner().invoke(main, ["--help"]).output


def test_a_name_that_is_none_is_refused() -> None:
    answer = CliRunner().invoke(main, ["lihat"])
    assert answer.exit_code == 2
    assert "No such command 'lihat'" in answer.output


def test_a_small_command_brings_neither_screens_nor_engine_with_it() -> None:
    program = (
        "import sys\nfrom hub.cli import main\n"
        "main(['release', 'list', '--help'], standalone_mode=False)\n"
        "print([name for name in ('hub.app', 'hub.casework', 'numpy') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"

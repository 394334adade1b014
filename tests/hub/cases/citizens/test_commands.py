"""``pontive-hub citizens``: the register from a table, and examples for a demonstration."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from hub.cases.citizens.commands import citizen_commands, read_population
from hub.cases.citizens.models import PopulationEntry
from hub.cases.keeping.models import CaseRecord
from hub.casework import case_engine, nik_key_of
from hub.config import HubConfig
from hub.db import Database
from hub.errors import InputError
from hub.web.files.table_file import read_table
from tests.hub.screens import Screens, make_config


def run(desk: Screens, *arguments: str) -> str:
    @contextmanager
    def ready(_path: Path) -> Iterator[tuple[HubConfig, Database]]:
        yield make_config(desk.folder), desk.database

    group = citizen_commands(ready, operator="test", now=desk.clock, key_of=nik_key_of, engine_of=case_engine)
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_table_of_people_becomes_digests(desk: Screens, tmp_path: Path) -> None:
    table = tmp_path / "penduduk.csv"
    table.write_text("nik;nama\n6171014108900047;Siti Aminah\n6171011205850001;Budi\n")
    assert run(desk, "import", str(table)) == "2 people in the local register.\n"
    assert run(desk, "import", "--json", str(table)) == '{"people": 2}\n'
    with desk.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(PopulationEntry)) == 2


def test_wrong_rows_are_named_by_their_number_and_nothing_is_taken_in() -> None:
    rows = "".join(f"123{number};Budi\n" for number in range(22))
    with pytest.raises(InputError) as refused:
        read_population(read_table(f"nik;nama\n6171014108900047;\n{rows}".encode(), "a.csv"))
    said = str(refused.value)
    assert "baris 2: nama kosong" in said
    assert "baris 3: NIK terdiri atas 16 angka" in said
    assert said.endswith("dan 3 lagi")
    assert "6171014108900047" not in said
    with pytest.raises(InputError, match="kolom nama tidak ada"):
        read_population(read_table(b"nik;x\n1;2\n", "a.csv"))


def test_examples_are_played_once_up_to_the_lurahs_queue(desk: Screens) -> None:
    assert run(desk, "examples") == "10 examples of cases.\n"
    assert run(desk, "examples") == "0 examples of cases.\n"
    with desk.database.reading() as db:
        stages = Counter(db.scalars(select(CaseRecord.stage)))
    assert stages == {
        "diajukan": 3, "perbaikan": 1, "verifikasi": 1, "tanda_tangan": 4, "kelengkapan": 1,
    }  # fmt: skip

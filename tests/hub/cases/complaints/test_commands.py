"""``pontive-hub complaints``: files in and out at the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import func, select

from hub.cases.complaints.commands import complaint_commands
from hub.cases.complaints.models import PublishedFigure
from hub.cases.keeping.models import CaseRecord
from hub.config import HubConfig
from hub.db import Database
from tests.hub.cases.office import MONDAY, Office
from tests.hub.screens import make_config

ROW = "L1,2021-09-15,Jalan rusak,Lubang besar di jalan,jalan,Dinas Perhubungan,selesai\n"
HEAD = "tracking id,tanggal,judul,isi,kategori,instansi,status\n"


def test_figures_complaints_and_examples_come_in_and_go_out(office: Office, tmp_path: Path) -> None:
    @contextmanager
    def ready(_path: Path) -> Iterator[tuple[HubConfig, Database]]:
        yield make_config(tmp_path), office.database

    commands = complaint_commands(ready, lambda _config: office.engine, now=lambda: MONDAY)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(commands, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    figures = run("import-figures")
    assert "31 figures kept" in figures
    assert "does not add up: SP4N-LAPOR! 2020: 722 and 879" in figures
    file = tmp_path / "masuk.csv"
    file.write_text(HEAD + ROW, "utf-8")
    assert run("import-sp4n", str(file)) == "1 new, 0 known\n"
    assert run("import-sp4n", str(file)) == "0 new, 1 known\n"
    assert "15 examples" in run("examples")
    out = tmp_path / "keluar.csv"
    assert "15 complaints written" in run("export-sp4n", str(out)), "16, of which one is secret"
    assert "L1,2021-09-15" in out.read_text("utf-8-sig")
    with office.database.reading() as db:
        stages = dict(db.execute(select(CaseRecord.stage, func.count()).group_by(CaseRecord.stage)).all())
        assert db.scalars(select(func.count()).select_from(PublishedFigure)).one() == 31
    assert stages["selesai"] >= 2
    assert stages["dikerjakan"] >= 1

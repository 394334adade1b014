"""``pontive-hub inventory``: checked, loaded, exported and the example, without a screen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from hub.cli import main
from hub.db import Database
from hub.places.models import CityCamera, Site

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "hub.toml").write_text("")

    def run(command: str, *arguments: Path | str) -> Result:
        options = [] if command == "sample" else ["--config", str(tmp_path / "hub.toml")]
        return CliRunner().invoke(main, ["inventory", command, *map(str, arguments), *options])

    CliRunner().invoke(main, ["migrate", "--config", str(tmp_path / "hub.toml")])
    return run


def count(folder: Path, model: type[CityCamera] | type[Site]) -> int:
    database = Database(f"sqlite:///{folder}/hub.db")
    with database.reading() as db:
        found = db.scalar(select(func.count()).select_from(model).where(model.is_retired.is_(False)))
    database.close()
    return int(found or 0)


@pytest.mark.parametrize("target", ["contoh.xlsx", "contoh"])
def test_the_example_is_written_checked_loaded_and_exported_the_same(
    run: Run, tmp_path: Path, target: str
) -> None:
    path = tmp_path / target
    assert run("sample", path).exit_code == 0
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    checked = run("check", *files)
    assert checked.exit_code == 0, checked.output
    assert "249 new; 0 unchanged" in checked.output
    assert count(tmp_path, CityCamera) == 0
    loaded = run("load", *files)
    assert loaded.output.endswith("ditulis\n")
    assert (count(tmp_path, Site), count(tmp_path, CityCamera)) == (51, 147)
    out = tmp_path / f"keluar-{target}"
    assert run("export", out).exit_code == 0
    again = run("check", *(sorted(out.glob("*.csv")) if out.is_dir() else [out]))
    assert "nothing; 249 unchanged" in again.output


def test_one_bad_row_stops_everything_and_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "titik.csv"
    file.write_text("id,nama,kelurahan,lat,lon\na,A,Akcaya,-0.04,109.33\nb,B,Akcaya,109.33,-0.04\n")
    for command in ("check", "load"):
        answer = run(command, file)
        assert answer.exit_code != 0
        assert "titik baris 3 lat '109.33': lat dan lon tertukar" in answer.output
    assert count(tmp_path, Site) == 0


def test_what_is_not_named_goes_when_told(run: Run, tmp_path: Path) -> None:
    run("sample", tmp_path / "contoh")
    run("load", *sorted((tmp_path / "contoh").glob("*.csv")))
    cameras = tmp_path / "contoh" / "kamera.csv"
    lines = cameras.read_text("utf-8").splitlines()
    cameras.write_text("\n".join(lines[:11]), "utf-8")
    run("load", cameras)
    assert count(tmp_path, CityCamera) == 147
    assert "137 gone" in run("load", cameras, "--retire-others").output
    assert count(tmp_path, CityCamera) == 10


def test_a_target_of_another_kind_is_refused(run: Run, tmp_path: Path) -> None:
    answer = run("sample", tmp_path / "contoh.ods")
    assert answer.exit_code != 0
    assert ".xlsx" in answer.output


def test_toml_and_json_have_a_command_of_their_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kota.toml").write_text("")
    answer = run("check", tmp_path / "kota.toml")
    assert answer.exit_code != 0
    assert "pontive-hub places load" in answer.output

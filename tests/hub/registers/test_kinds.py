"""Kinds as data: those that are shipped, and a file with mistakes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.cli import main
from hub.errors import ConfigError, NotFoundError
from hub.registers.kind.reading import kind_of, read_kinds, shipped_kinds
from tests.hub.registers.conftest import add_opds
from tests.hub.screens import Screens

_GOOD = """
code = "{code}"
label = "Uji"
one = "uji"
group = "Uji"
key = ["nama"]
title = "nama"
fields = [ {{ id = "nama", label = "Nama", is_required = true }} {more} ]
{rest}
"""


def write(folder: Path, code: str = "uji", more: str = "", rest: str = "") -> Path:
    path = folder / f"{code}.toml"
    path.write_text(_GOOD.format(code=code, more=more, rest=rest))
    return path


def test_every_kind_that_the_issue_names_is_shipped() -> None:
    wanted = (
        "opd aplikasi situs kebijakan program kegiatan sub-kegiatan konten komoditas pasar reklame bangunan"
    )
    wanted += " proyek tonggak penjual produk pelatihan penghargaan dataset arsip pakai-ruang integrasi angka"
    wanted += " inisiatif agenda tempat"
    assert set(shipped_kinds()) == set(wanted.split())
    with pytest.raises(NotFoundError):
        kind_of("entah")


@pytest.mark.parametrize(
    ("more", "rest", "said"),
    [
        (', { id = "nama", label = "Lagi" }', "", "'nama' is there twice"),
        (', { id = "opd", label = "OPD" }', "", "'opd' is a column of every table"),
        (', { id = "a", label = "A", kind = "choice" }', "", "choices belong to fields"),
        (', { id = "a", label = "A", kind = "reference" }', "", "'of' names the kind"),
        (', { id = "a", label = "A", kind = "reference", of = "b" }', "", "there is no kind 'b'"),
        ("", 'columns = ["warna"]', "columns: there is no field 'warna'"),
        ("", 'probe = "url"', "probe: there is no field 'url'"),
        ("", 'warna = "x"', "warna"),
        (
            ', { id = "s", label = "S", kind = "choice", choices = [ { id = "a", label = "A" } ] }',
            'public_if = { field = "s", values = ["b"] }\n'
            'moderation = { field = "s", shown = ["c"], queued = "a" }',
            "is never 'b'",
        ),
        ("", 'figures = [ { label = "x", per = { kind = "zz" } } ]', "there is no kind 'zz'"),
    ],
)
def test_a_mistake_in_a_kind_is_named_with_its_file(tmp_path: Path, more: str, rest: str, said: str) -> None:
    write(tmp_path, more=more, rest=rest)
    with pytest.raises(ConfigError, match=said):
        read_kinds(tmp_path)


def test_a_kind_is_called_as_its_file_and_its_key_is_required(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert list(read_kinds(tmp_path)) == ["uji"]
    path.rename(tmp_path / "lain.toml")
    with pytest.raises(ConfigError, match="not the name of the file"):
        read_kinds(tmp_path)
    (tmp_path / "lain.toml").write_text(
        path.name and _GOOD.format(code="lain", more="", rest="").replace("true", "false")
    )
    with pytest.raises(ConfigError, match="must be required"):
        read_kinds(tmp_path)
    write(tmp_path, "dua", ', { id = "b", label = "B", is_required = true }').write_text(
        _GOOD.format(code="dua", more=', { id = "b", label = "B", is_required = true }', rest="").replace(
            'key = ["nama"]', 'key = ["nama", "b"]'
        )
    )
    write(tmp_path, "lain", ', { id = "r", label = "R", kind = "reference", of = "dua" }')
    with pytest.raises(ConfigError, match="no single key"):
        read_kinds(tmp_path)


def test_files_go_in_from_the_command_line_whole_or_not_at_all(
    screens: Screens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.migrations.schema.is_current", lambda _database: True)
    add_opds(screens.database)
    config = screens.folder / "hub.toml"
    config.write_text('database = "sqlite:///hub.db"\n')
    (tmp_path / "pasar.csv").write_text("kode,nama\na,A\n")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, [*arguments, "--config", str(config)])
        return result.exit_code, result.output

    assert run("registers", "load", str(tmp_path / "pasar.csv")) == (0, "1 rows\n")
    (tmp_path / "pasar.csv").write_text("kode,nama,kelurahan\nb,B,Entah\n")
    code, said = run("registers", "load", str(tmp_path / "pasar.csv"))
    assert code == 1
    assert "baris 2, kolom kelurahan" in said
    assert run("registers", "examples") == (0, "0 rows (contoh)\n")

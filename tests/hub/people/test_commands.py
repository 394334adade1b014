"""``pontive-hub people``: tables in, sheets of badges out; figures for people and programs."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from hub.cli import main
from hub.db import Database
from hub.people.models import EnrolmentCode, Person
from tests.hub.people.badges.page_pixels import content_streams

HEAD = "nomor;nama;nip;opd;nama_opd;mulai\n"
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    key = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "hub-signing.key").write_bytes(key)
    (tmp_path / "hub.toml").write_text("")
    (tmp_path / "pegawai.csv").write_text(
        HEAD + "101;Siti N.;;1;Kominfo;2026-01-05\n102;Budi;;1;;2026-01-05\n"
    )
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["people", *arguments, "--config", str(folder / "hub.toml")])

    CliRunner().invoke(main, ["migrate", "--config", str(folder / "hub.toml")])
    return run


def people(folder: Path) -> list[int]:
    database = Database(f"sqlite:///{folder}/hub.db")
    with database.reading() as db:
        found = list(db.scalars(select(Person.number).order_by(Person.number)))
    database.close()
    return found


def test_a_table_is_tried_first_and_written_then(run: Run, folder: Path) -> None:
    file = str(folder / "pegawai.csv")
    answer = run("import", file, "--dry-run")
    assert answer.output.startswith("Would be: 2 rows, 2 changed, 0 unchanged, 0 mistakes"), answer.output
    assert people(folder) == []
    figures = json.loads(run("import", file, "--json").output)
    assert figures.pop("seconds") >= 0
    assert figures == {
        "rows": 2,
        "changed": 2,
        "unchanged": 0,
        "mistakes": 0,
        "unnamed": 0,
        "shortened": 0,
        "new": 2,
    }
    assert people(folder) == [101, 102]
    assert "0 changed, 2 unchanged" in run("import", file).output


def test_nothing_is_written_when_a_row_is_bad_unless_told_so(run: Run, folder: Path) -> None:
    file = folder / "rusak.csv"
    file.write_text(HEAD + "101;Siti N.;1.9E+17;1;Kominfo;2026-01-05\n102;Budi;;1;Kominfo;2026-01-05\n")
    refused = run("import", str(file))
    assert refused.exit_code == 1
    assert "baris 2: NIP '1.9E+17': kolom NIP rusak oleh Excel" in refused.output
    assert "1 baris salah, tidak ada yang ditulis" in refused.output
    assert people(folder) == []
    assert "baris 2: NIP" in run("import", str(file), "--dry-run").output
    assert "1 changed" in run("import", str(file), "--good-rows").output
    assert people(folder) == [102]


def test_badges_are_printed_for_who_has_no_phone(run: Run, folder: Path) -> None:
    run("import", str(folder / "pegawai.csv"))
    sheet = folder / "kartu.pdf"
    refused = run("badges", "--out", str(sheet))
    assert refused.exit_code == 1
    assert "tanpa ponsel" in refused.output
    database = Database(f"sqlite:///{folder}/hub.db")
    with database.writing() as db:
        db.execute(update(Person).values(may_use_badge=True))
    database.close()
    figures = json.loads(run("badges", "--out", str(sheet), "--opd", "1", "--json").output)
    assert (figures["badges"], figures["pages"]) == (2, 1)
    assert figures["seconds"] >= 0
    assert figures["peak_mib"] > 0
    assert sheet.read_bytes().startswith(b"%PDF")
    assert "2 badges on 1 pages" in run("badges", "--out", str(sheet)).output
    assert run("badges", "--out", str(sheet), "--opd", "2").exit_code == 1
    assert "paling lama 24 bulan" in run("badges", "--out", str(sheet), "--until", "2020-01-01").output


def test_codes_of_an_opd_are_printed_for_who_has_no_phone(run: Run, folder: Path) -> None:
    run("import", str(folder / "pegawai.csv"))
    slips = folder / "kode.pdf"
    where = ("--out", str(slips), "--address", "https://hub.example/hadir/ponsel/daftar")
    answer = run("codes", "--opd", "1", *where)
    assert "kode.pdf: 2 codes" in answer.output, answer.output
    (page,) = content_streams(slips.read_bytes())
    assert "(Siti N.)" in page
    assert stat.S_IMODE(slips.stat().st_mode) == 0o600
    database = Database(f"sqlite:///{folder}/hub.db")
    with database.reading() as db:
        assert len(db.scalars(select(EnrolmentCode)).all()) == 2
    database.close()
    assert json.loads(run("codes", "--opd", "1", *where, "--json").output)["codes"] == 2
    refused = run("codes", "--opd", "1", "--for", "dicabut", *where)
    assert refused.exit_code == 1
    assert "nothing was printed" in refused.output

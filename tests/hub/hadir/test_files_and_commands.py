"""Hours and leave from files, watermarks of doors, and the commands."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from hub.cli import main
from hub.errors import InputError
from hub.hadir.editing.files.hours import load_hours, read_hours
from hub.hadir.models import DoorWatermark
from hub.hadir.results.reading.rows import hours_of, week_of
from hub.hadir.results.reading.watermarks import MARGIN, complete_until_by_site
from tests.browser.sample import SampleCity, health
from tests.hub.hadir.conftest import NOW, Office

HEAD = "nomor,jenis,mulai,selesai,bagian,dokumen\n"


TARIFF = (
    "[[tariffs]]\nversion='x'\nvalid_from=2026-01-01\nearly=[]\nmonthly_cap_percent='{cap}'\n"
    "late=[{{code='{late}',from_min=1,percent='1'}}]\n"
    "missing_scan={{code='{missing}',from_min=0,percent='1'}}\n"
    "absent={{code='{absent}',from_min=0,percent='1'}}"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[calendars]]\nname='x'\nvalid_from=2026-01-01\nhours={7=['07:30','16:00']}", "Senin"),
        ("[[calendars]]\nname='x'\nvalid_from=2026-01-01\nhours={0=['7.30','16:00']}", "JJ:MM"),
        ("[[calendars]]\nname='x'\nvalid_from=2026-01-01\nhours={0=['07:30']}", "mulai dan selesai"),
        ("[[periods]]\nname='x'\nfirst=2026-02-01\nlast=2026-01-01\nhours={}", "tukar keduanya"),
        ("[[holidays]]\nday=2026-02-01", "name"),
        (
            "[[tariffs]]\nversion='x'\nvalid_from=2026-01-01\nearly=[]\n"
            "late=[{code='a',from_min=9,percent='1'},{code='b',from_min=1,percent='1'}]\n"
            "missing_scan={code='c',from_min=0,percent='1'}\nabsent={code='d',from_min=0,percent='1'}",
            "from_min",
        ),
        (TARIFF.format(late="TK", missing="TS", absent="TK", cap="100"), "late: kode 'TK'"),
        (TARIFF.format(late="TL1", missing="TK", absent="TK", cap="100"), "missing_scan: kode 'TK'"),
        (TARIFF.format(late="TL1", missing="TS", absent="TS", cap="100"), "absent: kode 'TS'"),
        (TARIFF.format(late="TL1", missing="TS", absent="TK", cap="101"), "di luar 0 sampai 100"),
    ],
)
def test_hours_that_cannot_be_are_refused_by_name(
    office: Office, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "jam.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=words), office.database.writing() as db:
        load_hours(db, read_hours(path), is_example=False)


def test_hours_have_two_or_four_times() -> None:
    assert hours_of(["22:00", "06:00"]).break_start is None
    assert list(week_of({"4": ["07:30", "16:30", "11:30", "13:00"]})) == [4]


class TestWatermarks:
    """How far a door has delivered."""

    def test_a_device_that_keeps_up_raises_its_mark_and_never_lowers_it(
        self, office: Office, tmp_path: Path
    ) -> None:
        city = SampleCity(office.database, tmp_path)
        city.birth("pi-balai", NOW - timedelta(hours=1))
        for minutes in (30, 10, 20):
            city.say("pi-balai", health(), at=NOW - timedelta(minutes=minutes))
        with office.database.reading() as db:
            assert (
                db.get_one(DoorWatermark, "pi-balai").complete_until == NOW - timedelta(minutes=10) - MARGIN
            )
            assert complete_until_by_site(db)["balai"] == NOW - timedelta(minutes=15)

    def test_backlog_absence_and_a_fresh_link_raise_nothing(self, office: Office, tmp_path: Path) -> None:
        city = SampleCity(office.database, tmp_path)
        city.say("pi-balai", health(), at=NOW)
        city.birth("pi-balai", NOW)
        city.say("pi-balai", health(), at=NOW + timedelta(minutes=4))
        city.say("pi-balai", replace(health(), outbox_rows=101), at=NOW + timedelta(hours=1))
        with office.database.reading() as db:
            assert db.get(DoorWatermark, "pi-balai") is None
            assert complete_until_by_site(db) == {"": None, "balai": None}


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    config = tmp_path / "hub.toml"
    config.write_text("")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--config", str(config)])

    assert run("migrate").exit_code == 0
    return run


def test_the_commands_load_import_compute_and_close(run: Run, tmp_path: Path) -> None:
    assert "examples" in run("hadir", "load-hours").output
    employees = tmp_path / "pegawai.csv"
    employees.write_text(
        "nomor,nama,nip,opd,nama_opd,unit,nama_unit,lokasi,mulai\n1,Siti,,1,Kominfo,,,,2026-01-01\n"
    )
    assert (
        "Would be: 1 rows, 1 changed" in run("hadir", "import-employees", str(employees), "--dry-run").output
    )
    leave = tmp_path / "cuti.csv"
    leave.write_text(HEAD + "1,C,2026-01-05,2026-01-05,,\n")
    assert "tidak ada pegawai nomor 1" in run("hadir", "import-leave", str(leave)).output
    assert "Done: 1 rows, 1 changed" in run("hadir", "import-employees", str(employees)).output
    assert run("hadir", "import-leave", str(leave), "--dry-run").output == "Would be: 1 rows of leave\n"
    assert run("hadir", "import-leave", str(leave)).output == "Done: 1 rows of leave\n"
    span = ("hadir", "compute", "--from", "2026-01-01", "--to", "2026-01-31")
    answer = json.loads(run(*span, "--json").output)
    assert answer == {"computed": 31, "published": 0, "open": 31, "changes": 0}
    assert "31 not complete" in run(*span, "--publish").output
    refused = run("hadir", "close", "2026-01")
    assert refused.exit_code == 1
    assert "belum lengkap" in refused.output
    assert run("hadir", "close", "januari").exit_code == 2
    refused = run("hadir", "simulate")
    assert refused.exit_code == 1
    assert "belum ada pintu" in refused.output
    employees.write_bytes("nomor,nama\n1,Siti é\n".encode("latin-1"))
    assert "CSV UTF-8" in run("hadir", "import-employees", str(employees)).output

"""The dry run, the writing, and the way there and back again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.db import Database
from hub.errors import InputError
from hub.people.audit import first_broken
from hub.people.models import AuditEntry
from hub.places.areas import load_areas
from hub.places.importing.apply import apply_plan
from hub.places.importing.export import cells_of, inventory_workbook, tables_on_duty
from hub.places.importing.files import Upload, read_files
from hub.places.importing.known import read_known
from hub.places.importing.plan import Action, Plan, make_plan
from hub.places.importing.sample import sample_tables
from hub.places.importing.tables import LAYOUTS, InventoryTables, Kind
from hub.places.models import CameraLine, CityCamera, Device, Door, Sensor, Site
from hub.places.owning.service import history_of
from hub.places.service import load_inventory
from tests.browser.sample import INVENTORY
from tests.hub.places.importing.tables import CAMERAS, DEVICES, SITES, csv_upload
from tests.hub.places.test_inventory import convert

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A writing session on the sample inventory."""
    with database.writing() as session:
        load_inventory(session, convert(INVENTORY), date(2026, 11, 1))
        yield session


def plan_of(db: Session, *uploads: Upload) -> Plan:
    return make_plan(read_files(uploads), read_known(db, TODAY), TODAY)


def put(db: Session, *uploads: Upload, retires: bool = False, tables: InventoryTables | None = None) -> Plan:
    """Check and write files."""
    tables = tables or read_files(uploads)
    known = read_known(db, TODAY)
    plan = make_plan(tables, known, TODAY)
    apply_plan(
        db,
        tables,
        plan,
        known,
        retires=retires,
        file_name="x.csv",
        today=TODAY,
        actor="siti",
        now=NOW,
    )
    return plan


def cameras_csv(*rows: str) -> Upload:
    return csv_upload("kamera.csv", "perangkat,id,nama,jenis,media,pemilik,pemilik_sejak,arah_derajat", *rows)


def test_an_export_put_in_again_changes_nothing(db: Session) -> None:
    tables = tables_on_duty(read_known(db, TODAY))
    again = plan_of(db, Upload("inventaris.xlsx", inventory_workbook(tables)))
    assert (again.changes, again.gone, again.mistakes) == ((), (), ())
    assert again.unchanged == tables.rows > 10
    assert again.is_empty


def test_a_dry_run_says_what_is_new_changed_back_and_gone(db: Session) -> None:
    db.get_one(CityCamera, ("pi-tugu", "sungai")).is_retired = True
    plan = plan_of(
        db,
        cameras_csv(
            "pi-jawi,utara,Lengan utara,ptz,fiber,Dishub,,0",
            "pi-jawi,selatan,Lengan selatan,tetap,nirkabel,Diskominfo,,",
            "pi-tugu,sungai,Tepi Kapuas,tetap,fiber,Diskominfo,,",
            "pi-tugu,baru,Baru,ptz,fiber,Dinsos,,",
        ),
    )
    assert plan.mistakes == ()
    assert {(one.address, one.action) for one in plan.changes} == {
        ("pi-jawi/utara", Action.CHANGED),
        ("pi-tugu/sungai", Action.BACK),
        ("pi-tugu/baru", Action.NEW),
    }
    (heading,) = next(one for one in plan.changes if one.id == "utara").fields
    assert (heading.name, heading.was, heading.becomes) == ("arah_derajat", "", "0.0")
    assert ("pi-tugu", "plaza") in {(one.device, one.id) for one in plan.gone}
    assert {one.kind for one in plan.gone} == {Kind.CAMERAS}, "other tables stay as they are"
    assert plan.unchanged == 1
    assert plan.counts()[Action.NEW] == 1


def test_what_is_gone_is_retired_only_with_a_tick_and_keeps_its_history(db: Session) -> None:
    upload = cameras_csv("pi-jawi,utara,Lengan utara,ptz,fiber,Dishub,,")
    put(db, upload)
    assert db.scalar(select(func.count()).select_from(CityCamera).where(CityCamera.is_retired)) == 0
    put(db, upload, retires=True)
    on_duty = db.scalars(select(CityCamera.id).where(CityCamera.is_retired.is_(False))).all()
    assert on_duty == ["utara"]
    assert history_of(db, ("pi-tugu", "plaza"))[0].owner == "Diskominfo"
    assert db.scalar(select(func.count()).select_from(CameraLine)) == 3


def test_a_point_that_is_gone_takes_what_stands_there_along(db: Session) -> None:
    put(
        db,
        csv_upload("titik.csv", SITES[0], "tugu,Tugu Khatulistiwa,Batu Layang,0.0,109.3222"),
        retires=True,
    )
    assert db.get_one(Site, "jawi").is_retired
    assert db.get_one(Device, "pi-jawi").is_retired
    assert db.get_one(CityCamera, ("pi-jawi", "utara")).is_retired
    assert db.scalars(select(Door.is_retired)).all() == [True]
    assert not db.get_one(Sensor, ("pi-tugu", "air")).is_retired


def test_a_point_that_a_named_device_needs_is_not_gone(db: Session) -> None:
    plan = plan_of(
        db,
        csv_upload("titik.csv", SITES[0], "tugu,Tugu Khatulistiwa,Batu Layang,0.0,109.3222"),
        csv_upload("perangkat.csv", DEVICES[0], "pi-jawi,jawi,Pi Sungai Jawi"),
        cameras_csv("pi-tugu,plaza,Pelataran tugu,tetap,fiber,Diskominfo,,"),
    )
    assert ("balai" in {one.id for one in plan.gone}) is True
    assert "jawi" not in {one.id for one in plan.gone}
    assert "pi-tugu" not in {one.id for one in plan.gone}


def test_an_owner_moves_from_the_day_that_the_file_says(db: Session) -> None:
    plan = put(db, cameras_csv("pi-jawi,utara,Lengan utara,ptz,fiber,Kominfo,2026-12-01,"))
    assert plan.changes[0].fields[0].becomes == "Kominfo (2026-12-01)"
    told = [(row.owner, str(row.valid_from), row.valid_to) for row in history_of(db, ("pi-jawi", "utara"))]
    assert told == [
        ("Dinas Perhubungan", "2026-11-01", date(2026, 12, 1)),
        ("Diskominfo", "2026-12-01", None),
    ], "spelled as the inventory spells it"
    noted = db.scalars(select(AuditEntry.detail).where(AuditEntry.action == "camera.owner")).all()
    assert noted == ["Dinas Perhubungan -> Kominfo (2026-12-01)"]


def test_a_list_that_names_today_s_owner_leaves_a_move_to_come_alone(db: Session) -> None:
    put(db, cameras_csv("pi-jawi,utara,Lengan utara,ptz,fiber,Diskominfo,2026-12-01,"))
    for row in (
        "pi-jawi,utara,Nama baru,ptz,fiber,Dishub,,",
        "pi-jawi,utara,Nama baru,ptz,fiber,Dishub,2026-11-01,",
    ):
        plan = put(db, cameras_csv(row))
        assert plan.mistakes == ()
        assert [row.owner for row in history_of(db, ("pi-jawi", "utara"))][-1] == "Diskominfo"
    assert db.get_one(CityCamera, ("pi-jawi", "utara")).name == "Nama baru"


@pytest.mark.parametrize(
    ("uploads", "table", "column", "told"),
    [
        ((csv_upload("perangkat.csv", DEVICES[0], "x,monas,X"),), "perangkat", "titik", "tambahkan di tabel"),
        (
            (csv_upload("kamera.csv", CAMERAS[0], "hilang,c,C,ptz,fiber,Dishub"),),
            "kamera",
            "perangkat",
            "ada",
        ),
        (
            (csv_upload("kamera.csv", CAMERAS[0], "pi-tugu,air,C,ptz,fiber,Dishub"),),
            "kamera",
            "id",
            "sudah dipakai tabel sensor",
        ),
        (
            (cameras_csv("pi-jawi,utara,Lengan utara,ptz,fiber,Dinsos,2021-01-01,"),),
            "kamera",
            "pemilik_sejak",
            "lebih awal daripada Dinas Perhubungan sejak 2026-11-01",
        ),
    ],
)
def test_rows_that_the_inventory_refuses_are_named(
    db: Session, uploads: tuple[Upload, ...], table: str, column: str, told: str
) -> None:
    plan = plan_of(db, *uploads)
    mistakes = [one for one in plan.mistakes if (one.table, one.column) == (table, column)]
    assert mistakes
    assert any(told in one.remedy for one in mistakes)
    assert plan.gone == (), "with a bad row nobody knows what is missing"


def test_with_one_bad_row_nothing_is_written(db: Session) -> None:
    upload = csv_upload("titik.csv", SITES[0], "baru,Baru,Akcaya,-0.04,109.33", "salah,Salah,Akcaya,109,0")
    with pytest.raises(InputError, match="1 baris salah; tidak ada yang ditulis"):
        put(db, upload)
    assert db.get(Site, "baru") is None


def test_what_stands_at_a_bad_point_or_on_a_bad_device_is_not_to_blame(db: Session) -> None:
    plan = plan_of(
        db,
        csv_upload(
            "kamera.csv", CAMERAS[0], "pi-baru,c,C,ptz,fiber,Dishub", "pi-rumus,c,C,bulat,fiber,Dishub"
        ),
        csv_upload("perangkat.csv", DEVICES[0], "pi-baru,salah,Pi baru", "pi-rumus,tugu,=A1"),
        csv_upload("titik.csv", SITES[0], "salah,Salah,Akcaya,109,0"),
    )
    assert [(one.table, one.line) for one in plan.mistakes] == [("titik", 2), ("perangkat", 3), ("kamera", 3)]


def test_a_retired_device_must_be_named_before_something_hangs_on_it(db: Session) -> None:
    db.get_one(Device, "pi-tugu").is_retired = True
    row = "pi-tugu,plaza,Pelataran tugu,tetap,fiber,Diskominfo"
    (bad,) = plan_of(db, csv_upload("kamera.csv", CAMERAS[0], row)).mistakes
    assert bad.column == "perangkat"
    device = csv_upload("perangkat.csv", DEVICES[0], "pi-tugu,tugu,Pi Tugu")
    put(db, device, csv_upload("kamera.csv", CAMERAS[0], row))
    assert not db.get_one(Device, "pi-tugu").is_retired


def test_the_example_has_the_city_s_own_totals(database: Database) -> None:
    with database.writing() as db:
        load_areas(db)
        plan = put(db, tables=sample_tables())
        assert plan.mistakes == ()
        assert len(plan.changes) == 51 + 51 + 147
    with database.reading() as db:
        tables = tables_on_duty(read_known(db, TODAY))
        cameras = tables.cameras
        assert (len(tables.sites), len(cameras)) == (51, 147)
        assert sum(one.kind == "ptz" for one in cameras) == 30
        assert sum(one.kind == "fixed" for one in cameras) == 117
        assert sum(one.medium == "fibre" for one in cameras) == 138
        assert sum(one.medium == "wireless" for one in cameras) == 9
        owners = {one.owner for one in cameras}
        assert owners == {"Dinas Perhubungan", "Diskominfo", "Dinas Sosial (lama)"}
        of_dishub = {one.device for one in cameras if one.owner == "Dinas Perhubungan"}
        assert (len(of_dishub), 51 - len(of_dishub)) == (41, 10)
        assert any(site.latitude == 0.0 for site in tables.sites)
        assert all("contoh" in site.name for site in tables.sites)
        assert sample_tables() == sample_tables()
        assert first_broken(db) is None


def test_every_table_is_written_in_the_columns_of_its_layout(db: Session) -> None:
    cells = cells_of(tables_on_duty(read_known(db, TODAY)))
    for kind, rows in cells.items():
        assert rows, kind
        assert all(len(row) == len(LAYOUTS[kind].columns) for row in rows)

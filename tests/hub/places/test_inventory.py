"""The inventory file: every mistake named, the equator a real place, ownership with dates."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from hub.db import Database
from hub.errors import InputError
from hub.places.areas import load_areas
from hub.places.inventory import Inventory, mistakes_in, read_inventory
from hub.places.models import CameraLine, CameraOwner, CityCamera, Device, Kecamatan, Kelurahan, Sensor, Site
from hub.places.service import LoadReport, load_inventory, retire_others
from tests.browser.sample import INVENTORY

TODAY = date(2026, 11, 21)
WARDS = ("61.71.04.1004", "61.71.05.1005", "61.71.05.1003")


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """The sample inventory with one value changed."""
    inventory = copy.deepcopy(INVENTORY)
    place: Any = inventory
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return inventory


def convert(inventory: dict[str, Any]) -> Inventory:
    return msgspec.convert(inventory, Inventory)


def load(database: Database, inventory: dict[str, Any], today: date = TODAY) -> LoadReport:
    with database.writing() as db:
        return load_inventory(db, convert(inventory), today)


def test_the_city_has_6_kecamatan_and_29_kelurahan(database: Database) -> None:
    with database.writing() as db:
        load_areas(db)
        load_areas(db)
        assert db.scalar(select(func.count()).select_from(Kecamatan)) == 6
        assert db.scalar(select(func.count()).select_from(Kelurahan)) == 29
        ward = db.get_one(Kelurahan, "61.71.01.1002")
        assert (ward.name, ward.ministry_name) == ("Benua Melayu Laut", "Benuamelayu Laut")
        assert db.get(Kelurahan, "61.71.01.1001") is None


def test_a_file_is_loaded_and_loading_it_again_changes_nothing(database: Database) -> None:
    first = load(database, INVENTORY)
    assert (first.changed, first.same) == (0, 0)
    again = load(database, INVENTORY)
    assert (again.added, again.changed, again.same) == (0, 0, first.added)


def test_the_equator_is_a_place(database: Database) -> None:
    load(database, INVENTORY)
    with database.reading() as db:
        assert db.get_one(Site, "tugu").latitude == 0.0


def test_a_changed_name_is_changed_and_what_is_not_named_stays(database: Database) -> None:
    load(database, INVENTORY)
    report = load(database, {"sites": [INVENTORY["sites"][0] | {"name": "Tugu"}]})  # type: ignore[index,operator]
    assert (report.added, report.changed) == (0, 1)
    with database.reading() as db:
        assert db.get_one(Site, "tugu").name == "Tugu"
        assert db.scalar(select(func.count()).select_from(Device)) == 3
        assert db.scalars(select(Sensor.quantity)).all() == ["water_level_m"]


def test_what_is_not_named_is_retired_when_asked_and_comes_back_when_named(database: Database) -> None:
    load(database, INVENTORY)
    lonely = convert({"sites": INVENTORY["sites"], "devices": [INVENTORY["devices"][0]]})  # type: ignore[index]
    with database.writing() as db:
        report = load_inventory(db, lonely, date(2026, 11, 22))
        retire_others(db, lonely, report)
        assert report.retired > 0
        assert "retired" in str(report)
        on_duty = db.scalars(select(Device.id).where(Device.is_retired.is_(False))).all()
        assert on_duty == [lonely.devices[0].id]
        assert all(s.is_retired for s in db.scalars(select(Sensor)) if s.device != on_duty[0])
    load(database, INVENTORY)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Device).where(Device.is_retired)) == 0
        assert db.scalar(select(func.count()).select_from(Sensor).where(Sensor.is_retired)) == 0


def test_lines_that_are_gone_are_gone(database: Database) -> None:
    load(database, INVENTORY)
    load(database, changed("devices", 0, "cameras", 0, "lines", to=[]))
    with database.reading() as db:
        assert sorted(db.scalars(select(CameraLine.id))) == ["gerbang", "zebra"]


def test_a_new_owner_ends_the_old_ones_time(database: Database) -> None:
    load(database, INVENTORY)
    moved = changed("devices", 0, "cameras", 0, "owner", to="Diskominfo")
    load(database, moved, date(2027, 1, 4))
    load(database, moved, date(2027, 2, 1))
    with database.reading() as db:
        rows = db.scalars(
            select(CameraOwner).where(CameraOwner.camera == "utara").order_by(CameraOwner.valid_from)
        ).all()
    assert [(row.owner, row.valid_from, row.valid_to) for row in rows] == [
        ("Dinas Perhubungan", TODAY, date(2027, 1, 4)),
        ("Diskominfo", date(2027, 1, 4), None),
    ]


def test_an_owner_cannot_begin_before_the_one_before(database: Database) -> None:
    load(database, INVENTORY)
    moved = changed("devices", 0, "cameras", 0, "owner", to="Dinas Sosial")
    moved["devices"][0]["cameras"][0]["owner_since"] = "2021-03-01"
    with pytest.raises(InputError, match="sejak 2021-03-01 lebih awal"):
        load(database, moved)
    with database.reading() as db:
        owner = db.scalar(select(CameraOwner.owner).where(CameraOwner.camera == "utara"))
    assert owner == "Dinas Perhubungan"


@pytest.mark.parametrize(
    ("inventory", "named"),
    [
        (changed("sites", 0, "kelurahan", to="61.71.01.1001"), r"sites[0] (tugu).kelurahan: '61.71.01.1001'"),
        (changed("sites", 0, "lat", to=109.3), "sites[0] (tugu).lat: 109.3 is outside the city"),
        (changed("sites", 1, "lon", to=-0.03), "sites[1] (jawi).lon: -0.03 is outside the city"),
        (changed("sites", 1, "lat", to=float("nan")), "sites[1] (jawi).lat: nan"),
        (changed("sites", 1, "id", to="tugu"), "sites: id 'tugu' is used 2 times"),
        (changed("devices", 1, "id", to="pi-jawi"), "devices: id 'pi-jawi' is used 2 times"),
        (changed("devices", 1, "site", to="monas"), "devices[1] (pi-tugu).site: there is no site 'monas'"),
        (
            changed("devices", 2, "doors", 0, "id", to="lobi"),
            "devices[2] (pi-balai) cameras, doors and sensors: id 'lobi'",
        ),
        (
            changed("devices", 0, "cameras", 0, "lines", to=[{"id": "a", "name": "A"}] * 2),
            "devices[0] (pi-jawi) camera utara lines: id 'a'",
        ),
    ],
)
def test_each_mistake_is_named_with_its_place(inventory: dict[str, Any], named: str) -> None:
    mistakes = mistakes_in(convert(inventory), kelurahan=WARDS, known_sites=())
    assert any(mistake.startswith(named) for mistake in mistakes), mistakes


def test_all_mistakes_are_told_at_once_and_nothing_is_written(database: Database) -> None:
    inventory = changed("sites", 0, "lat", to=5.0)
    inventory["devices"][1]["site"] = "monas"
    with pytest.raises(InputError) as caught:
        load(database, inventory)
    assert len(str(caught.value).splitlines()) == 2
    with database.reading() as db:
        assert db.scalars(select(Site)).all() == []


def test_a_site_that_is_known_need_not_be_repeated(database: Database) -> None:
    load(database, INVENTORY)
    load(database, {"devices": [{"id": "baru", "site": "tugu", "name": "Baru"}]})
    with database.reading() as db:
        assert db.get_one(Device, "baru").site == "tugu"
        assert db.scalar(select(func.count()).select_from(CityCamera)) == 5


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"sites": [{"id": "a"}]}', r"\$.sites\[0\]"),
        ('{"sitez": []}', "sitez"),
        ('{"devices": [{"id": "A b", "site": "a", "name": "x"}]}', r"devices\[0\].id"),
        ("{", r"a\.json"),
    ],
)
def test_a_json_file_that_is_wrong_is_named_by_key(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError, match=named):
        read_inventory(tmp_path / "a.json")


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"sites": [INVENTORY["sites"][0]]}))  # type: ignore[index]
    (tmp_path / "a.toml").write_text(
        '[[sites]]\nid = "tugu"\nname = "Tugu Khatulistiwa"\nkelurahan = "61.71.04.1004"\n'
        "lat = 0.0\nlon = 109.3222\n"
    )
    assert read_inventory(tmp_path / "a.json") == read_inventory(tmp_path / "a.toml")
    with pytest.raises(InputError, match=r"nirgends\.toml"):
        read_inventory(tmp_path / "nirgends.toml")


def test_the_example_in_the_documentation_is_good(tmp_path: Path) -> None:
    from hub.places import inventory as module

    example = (module.__doc__ or "").split("::\n", 1)[1]
    (tmp_path / "a.toml").write_text("\n".join(line.strip() for line in example.splitlines()))
    read = read_inventory(tmp_path / "a.toml")
    assert mistakes_in(read, kelurahan=WARDS, known_sites=()) == ()
    assert read.devices[0].cameras[0].lines[0].forward == "ke kota"

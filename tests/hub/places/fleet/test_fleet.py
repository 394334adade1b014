"""The fleet page: who is in trouble comes first, and three kinds of file say the same."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from edge.wire.records.bodies import BootReason, DeviceHealth, DeviceReturned
from hub.people.permissions import Role, ScopeKind
from hub.places.device.service import DeviceView
from hub.places.fleet.listing import FleetFilter, Limits, Trouble, newest_version, rows_of, troubles_of
from tests.hub.screens import Screens

LIMITS = Limits(hot_c=80.0, disk_free_mib=400, backlog_rows=20_000)
WELL: dict[str, Any] = {
    "uptime_s": 60.0,
    "load": 0.5,
    "memory_free_mib": 900,
    "disk_free_mib": 9_000,
    "outbox_rows": 3,
    "outbox_bytes": 99,
    "temperature_c": 50.0,
    "under_voltage": False,
}


def device(name: str = "pi", *, health: dict[str, Any] | None = None, **changes: Any) -> DeviceView:
    """Return a device that is well but for the changes."""
    values: dict[str, Any] = {
        "device": name, "name": name.upper(), "site": "Simpang", "kelurahan": "Siantan Hulu",
        "latitude": 0.0, "longitude": 109.35, "is_online": True, "since": None, "reason": "",
        "firmware": "0.2.0", "hardware": "", "heard_at": datetime(2026, 11, 21, tzinfo=UTC),
        "roster_version": 0, "clock": "synced", "health_at": None,
    }  # fmt: skip
    return DeviceView(**{**values, **changes, "health": DeviceHealth(**{**WELL, **(health or {})})})


@pytest.mark.parametrize(
    ("changes", "health", "troubles"),
    [
        ({}, {}, ()),
        ({"is_online": None}, {"temperature_c": 99.0}, (Trouble.UNHEARD,)),
        ({"is_online": False, "clock": "unknown"}, {}, (Trouble.OFFLINE, Trouble.CLOCK)),
        ({}, {"under_voltage": True}, (Trouble.POWER,)),
        ({}, {"on_battery": True}, (Trouble.POWER,)),
        ({}, {"temperature_c": 80.0}, (Trouble.HOT,)),
        ({}, {"temperature_c": None}, ()),
        ({}, {"disk_free_mib": 399, "outbox_rows": 20_000}, (Trouble.FULL, Trouble.BEHIND)),
        ({"firmware": "0.1.9"}, {}, (Trouble.OLD,)),
        ({"firmware": ""}, {}, ()),
    ],
    ids=lambda value: str(value) if isinstance(value, tuple) else "",
)
def test_what_troubles_a_device(
    changes: dict[str, Any], health: dict[str, Any], troubles: tuple[Trouble, ...]
) -> None:
    assert troubles_of(device(health=health, **changes), "0.2.0", LIMITS) == troubles


def test_versions_are_compared_by_their_numbers() -> None:
    assert newest_version([device(firmware=one) for one in ("0.9.0", "0.10.0", "")]) == "0.10.0"
    assert newest_version([]) == ""


def test_the_worst_come_first_and_the_calm_last() -> None:
    fleet = [
        device("calm"),
        device("old", firmware="0.1.0"),
        device("dark", is_online=False),
        device("hot", health={"temperature_c": 85.0}),
    ]

    def names(**wanted: str) -> list[str]:
        rows = rows_of(
            fleet, districts={}, boots={}, newest="0.2.0", limits=LIMITS, wanted=FleetFilter(**wanted)
        )
        return [row.device.device for row in rows]

    assert names() == ["dark", "hot", "old", "calm"]
    assert names(trouble="hot") == ["hot"]
    assert names(trouble="none") == ["calm"]
    assert names(firmware="0.1.0") == ["old"]
    assert names(text="DAR") == ["dark"]
    assert names(district="Pontianak Utara") == []


def test_the_page_shows_versions_temperatures_backlogs_and_why_it_started_anew(city: Screens) -> None:
    city.city.say("pi-jawi", DeviceReturned(outage_s=60, boot=BootReason.POWER_CUT), at=city.clock())
    page = city.signed_in(Role.TECHNICIAN).get("/perangkat").get_data(as_text=True)
    for words in ("Pi Sungai Jawi", "54,2 °C", "20,9 GiB", "listrik padam", "0.1.0", "5 jam"):
        assert words in page
    assert page.index("Pi Tugu") < page.index("Pi Balai Kota"), "the one that is offline comes first"


def test_filters_and_the_changing_part_say_the_same(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR)
    for path in ("/perangkat?masalah=offline", "/perangkat/baris?masalah=offline"):
        page = client.get(path).get_data(as_text=True)
        assert "Pi Tugu" in page
        assert "Pi Balai Kota" not in page
    assert "Tidak ada perangkat yang cocok" in client.get("/perangkat?cari=zzz").get_data(as_text=True)


def test_the_files_hold_the_rows_of_the_page(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR)
    text = client.get("/perangkat/daftar.csv?kecamatan=Pontianak+Utara").get_data(as_text=True)
    assert len(text.splitlines()) == 2
    assert "pi-tugu" in text
    book = load_workbook(io.BytesIO(client.get("/perangkat/daftar.xlsx").get_data()))
    names = [row[0] for row in book.active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    assert {"pi-jawi", "pi-tugu", "pi-balai"} <= set(names)


def test_a_technician_of_a_kelurahan_sees_its_devices_only(city: Screens) -> None:
    client = city.signed_in(Role.TECHNICIAN, kind=ScopeKind.KELURAHAN, scope="61.71.04.1004")
    page = client.get("/perangkat").get_data(as_text=True)
    assert "Pi Tugu" in page
    assert "Pi Balai Kota" not in page


def test_a_fleet_of_none_says_so(screens: Screens) -> None:
    page = screens.signed_in(Role.OPERATOR).get("/perangkat").get_data(as_text=True)
    assert "Belum ada perangkat" in page

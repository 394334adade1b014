"""An example inventory with the city's own totals: 147 cameras at 51 points. Names, places: "contoh".

The totals are those of the city's description (Pontive Center, Diskominfo Kota Pontianak, 2021): 30
PTZ and 117 fixed, 138 on fibre and 9 wireless, 41 points of Dishub and 10 of Diskominfo, with some
cameras that were Dinas Sosial's. Which camera is where is invented, the same each time.
"""

import random
from datetime import date

from hub.places.areas import Area, read_areas
from hub.places.importing.tables import CameraRow, DeviceRow, InventoryTables, Kind, SiteRow

POINTS, DISHUB_POINTS, CAMERAS = 51, 41, 147
PTZ, WIRELESS, FORMER = 30, 9, 12
DISHUB, DISKOMINFO, FORMER_OWNER = "Dinas Perhubungan", "Diskominfo", "Dinas Sosial (lama)"
# 45 points with three cameras and 6 with two.
SMALL_POINTS = 6
_SEED = 617100
_OWNED_SINCE = date(2021, 3, 1)
_SITES_OF = ("Simpang", "Jalan", "Pasar", "Taman", "Jembatan", "Dermaga")
_LOOKS_AT = ("utara", "timur", "selatan", "barat")
# Around the middle of a kelurahan, some 300 m.
_SPREAD_DEG = 0.0028


def sample_tables() -> InventoryTables:
    """Return the example."""
    draw = random.Random(_SEED)  # noqa: S311 (an example, no secret)
    sites = tuple(_site(number, draw) for number in range(POINTS))
    devices = tuple(DeviceRow(0, f"contoh-{site.id}", site.id, site.name) for site in sites)
    return InventoryTables(
        kinds=(Kind.SITES, Kind.DEVICES, Kind.CAMERAS),
        sites=sites,
        devices=devices,
        cameras=_cameras(devices, draw),
    )


def _site(number: int, draw: random.Random) -> SiteRow:
    wards = read_areas().kelurahan
    ward: Area = wards[number % len(wards)]
    word = _SITES_OF[number % len(_SITES_OF)]
    latitude = ward.lat + draw.uniform(-_SPREAD_DEG, _SPREAD_DEG)
    if number == 0:
        # The equator runs through the city: a point that stands on it belongs to every example.
        ward, latitude = next(one for one in wards if one.name == "Batu Layang"), 0.0
    longitude = ward.lon + draw.uniform(-_SPREAD_DEG, _SPREAD_DEG)
    name = f"{word} {ward.name} {number + 1} (contoh)"
    return SiteRow(0, f"titik-{number + 1:02d}", name, ward.code, round(latitude, 6), round(longitude, 6))


def _cameras(devices: tuple[DeviceRow, ...], draw: random.Random) -> tuple[CameraRow, ...]:
    places = [
        (number, device, look)
        for number, device in enumerate(devices)
        for look in range(2 if number < SMALL_POINTS else 3)
    ]
    turning = set(draw.sample(range(CAMERAS), PTZ))
    # What is wireless is a whole point: the link is the device's.
    wireless = {device.id for device in devices[SMALL_POINTS + 1 : SMALL_POINTS + 1 + WIRELESS // 3]}
    former = set(draw.sample([n for n, place in enumerate(places) if place[0] >= DISHUB_POINTS], FORMER))
    return tuple(
        CameraRow(
            line=0,
            device=device.id,
            id=f"kamera-{look + 1}",
            name=f"Arah {_LOOKS_AT[look]}",
            kind="ptz" if place in turning else "fixed",
            medium="wireless" if device.id in wireless else "fibre",
            owner=FORMER_OWNER if place in former else DISHUB if number < DISHUB_POINTS else DISKOMINFO,
            owner_since=_OWNED_SINCE,
            heading_deg=float(90 * look),
            field_of_view_deg=70.0,
            view_range_m=float(draw.choice((60, 80, 120))),
            purposes="service decision",
            is_public=False,
            network_switch=f"sw-{number + 1:02d}",
        )
        for place, (number, device, look) in enumerate(places)
    )

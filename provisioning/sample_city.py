"""The small city that ``./pontive up`` shows: real places of Pontianak, drawn streets, simulated sensors.

Positions are approximate and all that happens there is "contoh" (an example). Pure data.
"""

from pathlib import Path
from urllib.parse import quote

from edge.config import CameraSettings, DoorSettings, Line, Medium, SensorSettings
from provisioning.inventory import (
    CameraPlan,
    CityPlan,
    DevicePlan,
    DoorPlan,
    LinePlan,
    SensorPlan,
    SitePlan,
)

# Often enough that a person who watches sees it move; a real city reports every minute.
COUNTS_EVERY_S = 10
STILL_EVERY_S = 2
SENSOR_EVERY_S = 5
PEOPLE_PER_MINUTE = 12
OWN_CAMERA = "kamera-anda"

SITES = (
    SitePlan(
        id="simpang-sungai-jawi",
        name="Simpang Empat Sungai Jawi",
        kelurahan="61.71.05.1005",
        lat=-0.028300,
        lon=109.318900,
    ),
    # The monument marks the equator: its latitude is a real zero.
    SitePlan(
        id="tugu-khatulistiwa",
        name="Tugu Khatulistiwa",
        kelurahan="61.71.04.1004",
        lat=0.0,
        lon=109.322200,
    ),
    SitePlan(
        id="balai-kota",
        name="Balai Kota Pontianak",
        kelurahan="61.71.05.1003",
        lat=-0.023900,
        lon=109.340600,
    ),
    SitePlan(
        id="waterfront-beting",
        name="Waterfront Kampung Beting",
        kelurahan="61.71.02.1006",
        lat=-0.025600,
        lon=109.349300,
    ),
)


def sample_city(*, seed: int, phones: Path, own_cameras: tuple[str, ...] = ()) -> CityPlan:
    """Return the plan of the sample city.

    Args:
        seed: The same number draws the same streets.
        phones: The file of the simulated phones, for the door.
        own_cameras: Sources that a person gave; each becomes a camera of one more site.
    """
    devices = (_crossing(seed), _monument(seed), _town_hall(phones), _waterfront(seed))
    if not own_cameras:
        return CityPlan(sites=SITES, devices=devices)
    own_site = SitePlan(
        id=OWN_CAMERA, name="Kamera Anda", kelurahan="61.71.01.1004", lat=-0.041100, lon=109.329300
    )
    return CityPlan(sites=(*SITES, own_site), devices=(*devices, _own(own_cameras)))


def _crossing(seed: int) -> DevicePlan:
    return DevicePlan(
        id="pi-sungai-jawi",
        site="simpang-sungai-jawi",
        name="Simpang Empat Sungai Jawi",
        cameras=(
            _street("utara", "Arah Jl. Hasanuddin", f"seed={seed}&traffic=40", "ke kota", "ke Sungai Jawi"),
            _street(
                "selatan",
                "Arah Jl. HRA Rahman",
                f"seed={seed + 3}&weather=motorcycles&traffic=40",
                "ke Kapuas",
                "ke barat",
            ),
        ),
    )


def _monument(seed: int) -> DevicePlan:
    query = f"seed={seed + 1}&weather=shadows"
    return DevicePlan(
        id="pi-tugu",
        site="tugu-khatulistiwa",
        name="Tugu Khatulistiwa",
        cameras=(_street("gerbang", "Gerbang tugu", query, "ke kota", "ke Jungkat"),),
    )


def _town_hall(phones: Path) -> DevicePlan:
    source = f"scene:door?phones={quote(str(phones))}&per_minute={PEOPLE_PER_MINUTE}"
    door = DoorSettings(id="pintu-utama", source=source, fps=8)
    return DevicePlan(
        id="pi-balai-kota",
        site="balai-kota",
        name="Balai Kota",
        doors=(DoorPlan(settings=door, name="Pintu utama"),),
    )


def _waterfront(seed: int) -> DevicePlan:
    water = SensorSettings(
        id="kapuas",
        source=f"simulated:water?seed={seed}",
        quantity="water_level_m",
        every_s=SENSOR_EVERY_S,
    )
    rain = SensorSettings(
        id="hujan", source=f"simulated:rain?seed={seed}", quantity="rain_mm_h", every_s=SENSOR_EVERY_S
    )
    return DevicePlan(
        id="pi-beting",
        site="waterfront-beting",
        name="Waterfront Beting (nirkabel)",
        cameras=(
            _street(
                "dermaga",
                "Dermaga",
                f"seed={seed + 2}&weather=rain&traffic=12",
                "masuk",
                "keluar",
                owner="Diskominfo",
            ),
        ),
        sensors=(
            SensorPlan(settings=water, name="Muka air Sungai Kapuas"),
            SensorPlan(settings=rain, name="Curah hujan"),
        ),
        medium=Medium.WIRELESS,
        is_fickle=True,
    )


def _own(sources: tuple[str, ...]) -> DevicePlan:
    cameras = []
    for number, source in enumerate(sources, start=1):
        settings = _camera_settings(f"kamera-{number}", source)
        line = Line(id="tengah", points=((0.0, 0.5), (1.0, 0.5)), forward="ke bawah", backward="ke atas")
        cameras.append(
            CameraPlan(
                settings=settings,
                name=f"Kamera Anda {number}",
                lines=(LinePlan(name="Garis tengah", line=line),),
                owner="Diskominfo",
            )
        )
    return DevicePlan(id=OWN_CAMERA, site=OWN_CAMERA, name="Kamera Anda", cameras=tuple(cameras))


def _street(
    camera: str,
    name: str,
    query: str,
    forward: str,
    backward: str,
    *,
    owner: str = "Dinas Perhubungan",
) -> CameraPlan:
    line = Line(id="jalan", points=((0.0, 0.6), (1.0, 0.6)), forward=forward, backward=backward)
    return CameraPlan(
        settings=_camera_settings(camera, f"scene:street?{query}"),
        name=name,
        lines=(LinePlan(name="Jalan", line=line),),
        owner=owner,
    )


def _camera_settings(camera: str, source: str) -> CameraSettings:
    return CameraSettings(
        id=camera, source=source, counts_every_s=COUNTS_EVERY_S, still_every_s=STILL_EVERY_S, fps=10
    )

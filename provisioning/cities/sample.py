"""The small city that ``./pontive up`` shows: real places of Pontianak, drawn streets, simulated sensors.

Positions are approximate and all that happens there is "contoh" (an example). Pure data.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from edge.config import (
    CameraSettings,
    DoorSettings,
    Gauge,
    Ground,
    Line,
    Medium,
    SensorSettings,
    Zone,
    ZonePurpose,
)
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

# What a technician would draw on the northern arm of the drawn crossing.
ROAD = Zone(
    id="lajur-utara",
    polygon=((0.33, 0.4), (0.78, 0.4), (1.0, 0.78), (1.0, 1.0), (0.18, 1.0)),
)
PAVEMENT = Zone(
    id="trotoar-barat",
    polygon=((0.44, 0.28), (0.46, 0.28), (0.16, 1.0), (0.03, 1.0)),
    purpose=ZonePurpose.CROWD,
    person_height=0.09,
)
# Measured on the drawn street of seed 1: its camera hangs where no other seed's does.
FIRST_SEED = 1
FIRST_GROUND = Ground(
    points=((0.2556, 0.8098), (0.4159, 0.427), (0.7609, 0.4363), (0.9823, 0.8509)),
    metres=((0.0, 0.0), (20.0, 0.0), (20.0, 14.0), (0.0, 14.0)),
)
CAR_FROM, HEAVY_FROM = 0.14, 0.3

# The staff of each drawn gauge whose seed is 2 more than a multiple of 20 stands here.
GAUGE_SEEDS, GAUGE_SEED = 20, 2
# The water rises and falls by 40 cm in an hour.
GAUGE_SOURCE = "scene:gauge?seed={seed}&fps=2&level=1.1&tide=0.4&tide_s=3600&waves=0.02"
GAUGE = Gauge(
    id="papan-duga",
    corners=((0.488, 0.14), (0.53, 0.13), (0.528, 0.88), (0.476, 0.885)),
    top_m=2.0,
    bottom_m=0.0,
)

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

# Where the drawn cameras would look, clockwise from north; "contoh" as all of the city.
HEADINGS_DEG = {"utara": 0.0, "selatan": 180.0, "gerbang": 135.0, "dermaga": 300.0, "papan": 270.0}


@dataclass(frozen=True)
class Measured:
    """What of a camera is measured beside its counts."""

    zones: tuple[Zone, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    ground: Ground | None = None


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
            _street(
                "utara",
                "Arah Jl. Hasanuddin",
                f"seed={seed}&traffic=40",
                "ke kota",
                "ke Sungai Jawi",
                measured=Measured(
                    zones=(ROAD, PAVEMENT), ground=FIRST_GROUND if seed == FIRST_SEED else None
                ),
            ),
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
    source = GAUGE_SOURCE.format(seed=GAUGE_SEEDS * seed + GAUGE_SEED)
    rain = SensorSettings(
        id="hujan", source=f"simulated:rain?seed={seed}", quantity="rain_mm_h", every_s=SENSOR_EVERY_S
    )
    dust = SensorSettings(
        id="debu", source=f"simulated:pm25?seed={seed}", quantity="pm2_5_ug_m3", every_s=SENSOR_EVERY_S
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
            CameraPlan(
                settings=_camera_settings("papan", source, Measured(gauges=(GAUGE,))),
                name="Papan duga dermaga",
                owner="Diskominfo",
                heading_deg=HEADINGS_DEG["papan"],
            ),
        ),
        sensors=(
            SensorPlan(settings=water, name="Muka air Sungai Kapuas"),
            SensorPlan(settings=rain, name="Curah hujan"),
            SensorPlan(settings=dust, name="Debu halus (PM2,5)"),
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
    measured: Measured = Measured(),
) -> CameraPlan:
    line = Line(
        id="jalan",
        points=((0.0, 0.6), (1.0, 0.6)),
        forward=forward,
        backward=backward,
        sizes=(CAR_FROM, HEAVY_FROM) if measured.zones else None,
    )
    return CameraPlan(
        settings=_camera_settings(camera, f"scene:street?{query}", measured),
        name=name,
        lines=(LinePlan(name="Jalan", line=line),),
        owner=owner,
        heading_deg=HEADINGS_DEG.get(camera),
    )


def _camera_settings(camera: str, source: str, measured: Measured = Measured()) -> CameraSettings:
    return CameraSettings(
        id=camera,
        source=source,
        counts_every_s=COUNTS_EVERY_S,
        still_every_s=STILL_EVERY_S,
        fps=10,
        zones=measured.zones,
        gauges=measured.gauges,
        ground=measured.ground,
    )

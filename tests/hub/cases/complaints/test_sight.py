"""Which cameras see a place."""

from hub.cases.complaints.sight import SightCamera, cameras_seeing, distance_m

TUGU = (0.0, 109.322)
# A degree on the equator, by the mean radius: 111 195 m.
M = 1 / 111_195


def camera(device: str = "pi-tugu", north_m: float = 0.0, east_m: float = 0.0, **more: object) -> SightCamera:
    return SightCamera(device, "cam1", device, TUGU[0] + north_m * M, TUGU[1] + east_m * M, **more)  # type: ignore[arg-type]  # by name


def seen(*cameras: SightCamera) -> list[tuple[str, bool]]:
    return [(sight.camera.device, sight.is_sure) for sight in cameras_seeing(*TUGU, cameras)]


def test_a_camera_sees_what_lies_ahead_within_its_angle_and_range() -> None:
    looks_north = {"heading_deg": 0.0, "field_of_view_deg": 60.0, "view_range_m": 120.0}
    assert seen(camera(north_m=-100, **looks_north)) == [("pi-tugu", True)]
    assert seen(camera(north_m=100, **looks_north)) == [], "it looks away"
    assert seen(camera(north_m=-200, **looks_north)) == [], "too far"
    assert seen(camera(north_m=-100, east_m=100, **looks_north | {"view_range_m": 200.0})) == []


def test_a_heading_across_north_is_no_jump() -> None:
    look = {"heading_deg": 350.0, "field_of_view_deg": 40.0, "view_range_m": 120.0}
    assert seen(camera(north_m=-100, east_m=-10, **look)) == [("pi-tugu", True)]


def test_an_unmeasured_camera_close_by_is_offered_but_not_sure_and_a_turning_one_sees_all_around() -> None:
    unmeasured = camera("pi-b", north_m=30)
    turning = camera("pi-a", north_m=50, can_turn=True, view_range_m=150.0)
    assert seen(unmeasured, turning) == [("pi-a", True), ("pi-b", False)]
    assert seen(camera(north_m=150)) == []


def test_what_stands_on_the_place_itself_is_seen_and_slack_is_never_sure() -> None:
    look = {"heading_deg": 180.0, "field_of_view_deg": 20.0, "view_range_m": 50.0}
    assert seen(camera(**look))[0][0] == "pi-tugu"
    assert seen(camera(north_m=20, east_m=9, **look)) == [("pi-tugu", False)]


def test_metres_on_the_equator() -> None:
    assert abs(distance_m(0.0, 109.3, 0.001, 109.3) - 111.195) < 0.01
    assert abs(distance_m(0.0, 109.3, 0.0, 109.301) - 111.195) < 0.01

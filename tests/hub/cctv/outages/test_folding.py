"""Which dark cameras have one root."""

from datetime import UTC, datetime, timedelta

from hub.cctv.outages.facts import Scope
from hub.cctv.outages.folding import TOGETHER, DarkCamera, Group, Place, fold

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
A1, A2, B1, B2 = ("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")
POINT = Place(Scope.POINT, "tugu", frozenset({A1, A2, B1, B2}))
DEVICE_A = Place(Scope.DEVICE, "a", frozenset({A1, A2}))
DEVICE_B = Place(Scope.DEVICE, "b", frozenset({B1, B2}))
PLACES = (DEVICE_A, DEVICE_B, POINT)


def dark(*keys: tuple[str, str], ago_s: float = 0, **more: bool) -> list[DarkCamera]:
    return [DarkCamera(key, NOW - timedelta(seconds=ago_s), **more) for key in keys]


def said(groups: list[Group]) -> list[tuple[Scope, str, int]]:
    return [(group.scope, group.key, len(group.members)) for group in groups]


def test_a_whole_point_is_one_root() -> None:
    assert said(fold(dark(A1, A2, B1, B2), PLACES, {})) == [(Scope.POINT, "tugu", 4)]
    gone = dark(A1, A2, B1, B2, is_gone=True)
    assert said(fold(gone, PLACES, {})) == [(Scope.POINT, "tugu", 4)]


def test_one_of_two_devices_is_its_own_root() -> None:
    assert said(fold(dark(A1, A2, is_gone=True), PLACES, {})) == [(Scope.DEVICE, "a", 2)]


def test_cameras_of_a_living_device_fold_only_with_the_whole_place() -> None:
    assert said(fold(dark(A1, A2), PLACES, {})) == [(Scope.CAMERA, "a/1", 1), (Scope.CAMERA, "a/2", 1)]


def test_a_switch_over_two_points_is_larger_than_each() -> None:
    switch = Place(Scope.SWITCH, "ring-a", frozenset({A1, A2, B1, B2}))
    points = (Place(Scope.POINT, "x", frozenset({A1, A2})), Place(Scope.POINT, "y", frozenset({B1, B2})))
    assert said(fold(dark(A1, A2, B1, B2), (*points, switch), {})) == [(Scope.SWITCH, "ring-a", 4)]


def test_what_says_why_itself_does_not_fold() -> None:
    cameras = [*dark(A1), *dark(A2, is_mute=False)]
    place = Place(Scope.POINT, "x", frozenset({A1, A2}))
    assert said(fold(cameras, (place,), {})) == [(Scope.CAMERA, "a/1", 1), (Scope.CAMERA, "a/2", 1)]


def test_a_picture_of_no_use_keeps_a_point_from_being_dark() -> None:
    cameras = [*dark(A1), *dark(A2, is_dark=False, is_mute=False)]
    place = Place(Scope.POINT, "x", frozenset({A1, A2}))
    assert len(fold(cameras, (place,), {})) == 2


def test_an_older_trouble_of_its_own_stays_its_own() -> None:
    own = DarkCamera(A1, NOW, own_since=NOW - 2 * TOGETHER, is_gone=True)
    cameras = [own, *dark(A2, B1, B2, is_gone=True)]
    assert said(fold(cameras, PLACES, {})) == [(Scope.POINT, "tugu", 3), (Scope.CAMERA, "a/1", 1)]


def test_an_own_trouble_of_the_same_moment_is_no_own_one() -> None:
    own = DarkCamera(A1, NOW, own_since=NOW - TOGETHER)
    place = Place(Scope.POINT, "x", frozenset({A1, A2}))
    assert said(fold([own, *dark(A2)], (place,), {A1: (Scope.CAMERA, "a/1")})) == [(Scope.POINT, "x", 2)]


def test_what_the_place_holds_already_stays_with_it() -> None:
    old = 2 * TOGETHER.total_seconds()
    cameras = [*dark(A1, A2, B1, ago_s=old), *dark(B2)]
    held = dict.fromkeys((A1, A2, B1), (Scope.POINT, "tugu"))
    assert said(fold(cameras, PLACES, held)) == [(Scope.POINT, "tugu", 4)]


def test_nothing_dark_is_no_group() -> None:
    assert fold([], (*PLACES, Place(Scope.POINT, "leer", frozenset())), {}) == []

"""The fixtures of the screens, and a city in which things broke."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from edge.wire.messages import OfflineReason
from edge.wire.records.bodies import CameraFault, CameraIntegrity, Cause, PictureState
from hub.cctv.outages.keeping.keeper import turn
from tests.browser.sample import counts
from tests.hub.screens import Screens, city, clock, screens

__all__ = ["broken", "city", "clock", "keep", "screens"]

Keep = Callable[[float], None]


@pytest.fixture
def keep(screens: Screens) -> Keep:
    """Turn the keeper every five seconds for so long, with everybody who lives speaking."""

    def go(for_s: float, *, speaking: tuple[str, ...] = ("pi-jawi", "pi-balai")) -> None:
        for second in range(0, int(for_s), 5):
            screens.clock.advance(seconds=5)
            with screens.database.writing() as db:
                if second % 60 == 0:
                    for device, camera in (
                        ("pi-jawi", "utara"),
                        ("pi-jawi", "selatan"),
                        ("pi-balai", "lobi"),
                    ):
                        if device in speaking:
                            screens.city.say_in(db, device, counts(camera), at=screens.clock())
                turn(db, screens.clock())

    return go


@pytest.fixture
def broken(city: Screens, keep: Keep) -> Screens:
    """One point whose device went without a word, one camera that refuses, one lens that is covered."""
    keep(30)
    city.city.say(
        "pi-jawi",
        CameraIntegrity(
            camera="utara",
            picture=PictureState.ABSENT,
            fault=CameraFault.UNAUTHORISED,
            cause=Cause.CAMERA,
            confidence=0.97,
            evidence=("refuses-stream",),
        ),
        at=city.clock(),
    )
    city.city.will("pi-tugu", city.clock(), OfflineReason.WILL)
    keep(400)
    city.clock.at += timedelta(seconds=1)
    return city

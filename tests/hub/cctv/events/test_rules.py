"""What begins an event, what ends it, and which stills show it."""

from datetime import UTC, datetime, timedelta

from edge.wire.records.bodies import (
    CameraIntegrity,
    CrowdLevel,
    FlowLevel,
    GaugeReading,
    GaugeState,
    PictureState,
    SceneMeasures,
    ZoneMeasure,
)
from hub.cctv.events.rules import (
    SURE_AFTER,
    TAMPER,
    WORDS,
    EventBody,
    EventKind,
    signs_in,
    still_after,
    still_before,
)

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def said(body: EventBody, marks: dict[str, float] | None = None) -> dict[tuple[EventKind, str], bool]:
    return {(sign.kind, sign.what): sign.is_so for sign in signs_in(body, AT, marks or {})}


def test_every_kind_has_a_word() -> None:
    assert set(WORDS) == set(EventKind)


def test_a_bad_picture_is_this_kind_and_no_other() -> None:
    found = said(CameraIntegrity(camera="utara", picture=PictureState.COVERED))
    assert [kind for (kind, _), is_so in found.items() if is_so] == [EventKind.COVERED]
    assert {kind for kind, _ in found} == TAMPER


def test_a_good_picture_ends_all_bad_ones() -> None:
    assert not any(said(CameraIntegrity(camera="utara", picture=PictureState.GOOD)).values())


def test_no_picture_at_all_says_nothing_of_the_lens() -> None:
    assert said(CameraIntegrity(camera="utara", picture=PictureState.ABSENT)) == {}


def test_each_state_of_a_picture_but_good_and_absent_has_its_kind() -> None:
    states = {state.value for state in PictureState} - {"good", "absent"}
    assert states == {kind.value for kind in TAMPER}


def test_zones_say_jam_and_crowd_and_unknown_says_nothing() -> None:
    def zone(name: str, flow: FlowLevel | None = None, crowd: CrowdLevel | None = None) -> ZoneMeasure:
        return ZoneMeasure(zone=name, occupancy=0.5, cover=0.4, flow=flow, crowd=crowd)

    body = SceneMeasures(
        camera="utara",
        period_s=60,
        zones=(
            zone("a", flow=FlowLevel.JAM),
            zone("b", flow=FlowLevel.SLOW),
            zone("c", flow=FlowLevel.UNKNOWN),
            zone("d", crowd=CrowdLevel.DENSE),
            zone("e", crowd=CrowdLevel.MANY),
            zone("f", crowd=CrowdLevel.UNKNOWN),
        ),
    )
    assert said(body) == {
        (EventKind.JAM, "a"): True,
        (EventKind.JAM, "b"): False,
        (EventKind.CROWD, "d"): True,
        (EventKind.CROWD, "e"): False,
    }


def test_water_is_an_event_only_where_somebody_set_a_mark() -> None:
    def level(metres: float | None) -> GaugeReading:
        state = GaugeState.UNCLEAR if metres is None else GaugeState.READ
        return GaugeReading(camera="utara", gauge="papan", state=state, level_m=metres)

    assert said(level(9.0)) == {}
    marks = {"papan": 1.5}
    assert said(level(1.5), marks) == {(EventKind.WATER, "papan"): True}
    assert said(level(1.47), marks) == {}, "waves are no end"
    assert said(level(1.44), marks) == {(EventKind.WATER, "papan"): False}
    assert said(level(None), marks) == {}


def test_the_still_before_is_surely_older_or_else_the_oldest() -> None:
    sure, unsure = AT - SURE_AFTER, AT - timedelta(seconds=5)
    assert still_before([sure - timedelta(minutes=1), sure, unsure], AT) == sure
    assert still_before([unsure, AT - timedelta(seconds=1)], AT) == unsure
    assert still_before([AT], AT) is None


def test_the_still_after_is_the_first_since() -> None:
    assert still_after([AT - timedelta(seconds=1), AT + timedelta(seconds=9), AT], AT) == AT
    assert still_after([], AT) is None

"""Dark cameras followed from the first record to the return."""

from edge.config import Medium
from edge.health.causes.outages import SETTLE_S, Outages
from edge.health.probing.rtsp_stages import RtspStage
from edge.health.probing.surroundings import NOTHING_KNOWN, CameraFindings, Surroundings
from edge.health.probing.ups import UpsState
from edge.wire.records.bodies import CameraFault, CameraIntegrity, Cause, PictureState

CAMERAS = {"a": Medium.CABLE, "b": Medium.CABLE, "c": Medium.CABLE}
MAINS_LOST = Surroundings(ups=UpsState(is_on_battery=True, is_low=False))


def outages(reachable: str = "abc") -> Outages:
    return Outages(media=CAMERAS, reachable=reachable)


def dark(camera: str, fault: CameraFault = CameraFault.SILENT) -> CameraIntegrity:
    return CameraIntegrity(camera=camera, picture=PictureState.ABSENT, fault=fault)


def good(camera: str) -> CameraIntegrity:
    return CameraIntegrity(camera=camera, picture=PictureState.GOOD)


def hear(to: Outages, body: CameraIntegrity, now_s: float = 0.0) -> CameraIntegrity:
    return to.heard(body, now_s=now_s, surroundings=NOTHING_KNOWN)


def look(
    at: Outages, now_s: float, around: Surroundings = NOTHING_KNOWN, **known: object
) -> list[CameraIntegrity]:
    """Bring findings for every camera that is asked about, then take the verdicts."""
    for camera in at.due(now_s):
        at.found(CameraFindings(camera, **known))  # type: ignore[arg-type]  # the test names fields
    return at.verdicts(now_s=now_s, surroundings=around)


def test_a_covered_lens_is_the_cameras_at_once() -> None:
    body = hear(outages(), CameraIntegrity(camera="a", picture=PictureState.COVERED))
    assert (body.cause, body.evidence[0]) == (Cause.CAMERA, "picture-bad")
    assert body.confidence >= 0.9


def test_a_refused_password_is_the_cameras_at_once() -> None:
    assert hear(outages(), dark("a", CameraFault.UNAUTHORISED)).cause is Cause.CAMERA


def test_a_silent_camera_is_judged_when_its_neighbours_had_time_to_follow() -> None:
    here = outages()
    assert hear(here, dark("a")).evidence == ()
    assert look(here, SETTLE_S - 0.1) == []
    (body,) = look(here, SETTLE_S, answers=False)
    assert (body.camera, body.fault, body.cause) == ("a", CameraFault.SILENT, Cause.CAMERA)
    assert "others-live" in body.evidence


def test_all_cameras_dark_with_the_mains_lost_is_power() -> None:
    here = outages()
    for camera in "abc":
        hear(here, dark(camera))
    bodies = look(here, SETTLE_S, MAINS_LOST, answers=False)
    assert [(body.camera, body.cause) for body in bodies] == [(name, Cause.POWER) for name in "abc"]
    assert all(body.confidence >= 0.9 for body in bodies)


def test_lost_packets_are_the_links() -> None:
    here = outages()
    hear(here, dark("a"))
    (body,) = look(here, SETTLE_S, answers=True, loss_share=0.4)
    assert (body.cause, body.evidence[0]) == (Cause.LINK, "packets-lost")


def test_what_the_camera_says_to_a_visitor_makes_the_fault_exact() -> None:
    here = outages()
    hear(here, dark("a"))
    (body,) = look(here, SETTLE_S, answers=True, stage=RtspStage.UNAUTHORISED)
    assert body.cause is Cause.CAMERA
    assert "refuses-stream" in body.evidence
    assert body.fault is CameraFault.SILENT, "what the worker saw stays as it was"


def test_a_neighbour_that_follows_brings_a_better_verdict_for_the_same_outage() -> None:
    here = outages()
    hear(here, dark("a"))
    (first,) = look(here, SETTLE_S, answers=False)
    assert first.cause is Cause.CAMERA
    hear(here, dark("b"), now_s=13.0)
    hear(here, dark("c"), now_s=13.0)
    again = Surroundings(is_switch_answering=False)
    (second,) = look(here, 18.0, again, answers=False)
    assert (second.camera, second.cause) == ("a", Cause.POWER)


def test_the_same_verdict_is_not_said_twice() -> None:
    here = outages()
    hear(here, dark("a"))
    assert len(look(here, SETTLE_S, answers=False)) == 1
    assert [look(here, at_s, answers=False) for at_s in (40.0, 120.0, 500.0, 900.0)] == [[]] * 4


def test_an_outage_is_said_eight_times_at_most() -> None:
    here = outages()
    hear(here, dark("a"))
    said = 0
    for number in range(40):
        said += len(look(here, 1_000.0 * (number + 1), answers=True, loss_share=0.4 * (number % 2)))
    assert said == 8


def test_to_know_less_is_no_news() -> None:
    here = Outages(media={"a": Medium.CABLE}, reachable="a")
    hear(here, dark("a"))
    assert len(look(here, SETTLE_S, MAINS_LOST, answers=False)) == 1
    assert look(here, 100.0) == []


def test_findings_that_never_come_are_done_without() -> None:
    here = outages()
    hear(here, dark("a"))
    assert here.due(SETTLE_S) == ["a"]
    assert here.due(SETTLE_S + 1) == []
    assert here.verdicts(now_s=SETTLE_S + 30, surroundings=NOTHING_KNOWN) == []
    assert len(here.verdicts(now_s=SETTLE_S + 60, surroundings=NOTHING_KNOWN)) == 1


def test_a_camera_that_cannot_be_asked_is_judged_by_its_neighbours() -> None:
    here = outages(reachable="")
    hear(here, dark("a"))
    assert here.due(SETTLE_S) == []
    (body,) = here.verdicts(now_s=SETTLE_S, surroundings=NOTHING_KNOWN)
    assert body.cause is Cause.CAMERA


def test_a_camera_that_is_back_is_forgotten_and_late_findings_with_it() -> None:
    here = outages()
    hear(here, dark("a"))
    here.due(SETTLE_S)
    assert hear(here, good("a"), now_s=20) == good("a")
    here.found(CameraFindings("a", answers=True))
    assert here.dark == frozenset()
    assert look(here, 100.0) == []


def test_another_fault_of_the_same_outage_keeps_its_verdict() -> None:
    here = outages()
    hear(here, dark("a"))
    look(here, SETTLE_S, answers=False)
    again = hear(here, dark("a", CameraFault.NOT_FOUND), now_s=15)
    assert (again.cause, again.fault) == (Cause.CAMERA, CameraFault.NOT_FOUND)


def test_a_worker_that_knows_its_cause_is_believed() -> None:
    body = CameraIntegrity(
        camera="a", picture=PictureState.COVERED, cause=Cause.CAMERA, confidence=0.5, evidence=("own",)
    )
    assert hear(outages(), body) == body

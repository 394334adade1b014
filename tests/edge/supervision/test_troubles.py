"""A worker's trouble is recorded when it changes, and not each time it is started again."""

from edge.supervision.happenings import Lost, Progressed
from edge.supervision.troubles import OWN_WORD_S, Troubles
from edge.supervision.worker_process import WorkerKind
from edge.wire.records.bodies import CameraFault, CameraIntegrity, DeviceIncident, PictureState, SensorReading

GOOD = CameraIntegrity(camera="c", picture=PictureState.GOOD)


def lost(
    fault: CameraFault = CameraFault.SILENT, kind: WorkerKind = WorkerKind.CAMERA, times: int = 0
) -> Lost:
    return Lost("c", kind, fault, "why\nexactly", times)


def test_a_loss_is_said_once_however_often_it_repeats() -> None:
    troubles = Troubles()
    assert troubles.lost(lost(times=3)) == CameraIntegrity(
        camera="c", picture=PictureState.ABSENT, fault=CameraFault.SILENT, detail="why exactly", restarts=3
    )
    assert [troubles.lost(lost(times=number)) for number in range(100)] == [None] * 100


def test_another_fault_is_said() -> None:
    troubles = Troubles()
    troubles.lost(lost())
    body = troubles.lost(lost(CameraFault.REFUSED))
    assert isinstance(body, CameraIntegrity)
    assert body.fault is CameraFault.REFUSED


def test_a_camera_that_comes_back_silently_is_spoken_for_once() -> None:
    troubles = Troubles()
    troubles.lost(lost())
    assert troubles.progressed(Progressed("c", WorkerKind.CAMERA), 10) is None
    assert troubles.due(10 + OWN_WORD_S - 0.1) == []
    assert troubles.due(10 + OWN_WORD_S) == [GOOD]
    assert troubles.due(1_000) == []
    assert troubles.lost(lost()) is not None, "the next loss is news again"


def test_a_camera_that_speaks_for_itself_is_not_spoken_for() -> None:
    troubles = Troubles()
    troubles.lost(lost())
    troubles.progressed(Progressed("c", WorkerKind.CAMERA), 10)
    troubles.heard("c", SensorReading(sensor="s", quantity="x", value=1))
    troubles.heard("c", CameraIntegrity(camera="c", picture=PictureState.BLACK))
    assert troubles.due(1_000) == []
    assert troubles.lost(lost()) is not None


def test_a_camera_that_is_lost_again_before_its_word_is_not_called_good() -> None:
    troubles = Troubles()
    troubles.lost(lost())
    troubles.progressed(Progressed("c", WorkerKind.CAMERA), 10)
    assert troubles.lost(lost()) is None
    assert troubles.due(1_000) == []


def test_what_a_worker_said_of_its_own_end_is_not_said_twice() -> None:
    troubles = Troubles()
    troubles.heard("c", CameraIntegrity(camera="c", picture=PictureState.ABSENT, fault=CameraFault.SILENT))
    assert troubles.lost(lost()) is None


def test_a_first_start_is_no_recovery() -> None:
    troubles = Troubles()
    assert troubles.progressed(Progressed("c", WorkerKind.CAMERA), 10) is None
    assert troubles.progressed(Progressed("d", WorkerKind.DOOR), 10) is None
    assert troubles.due(1_000) == []


def test_doors_and_sensors_are_incidents() -> None:
    troubles = Troubles()
    assert troubles.lost(lost(kind=WorkerKind.DOOR)) == DeviceIncident(
        what="door-lost", detail="c: silent: why exactly"
    )
    assert troubles.progressed(Progressed("c", WorkerKind.DOOR), 10) == DeviceIncident(
        what="door-back", detail="c"
    )
    body = troubles.lost(Lost("_sensors", WorkerKind.SENSORS, CameraFault.CRASHED, "", 0))
    assert body == DeviceIncident(what="sensors-lost", detail="all sensors: crashed: ")

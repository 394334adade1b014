"""What a supervisor tells of its workers: what happened to one, and how each is now."""

from dataclasses import dataclass

from edge.supervision.link import Link, Word
from edge.supervision.messages import StillTaken
from edge.supervision.worker_process import WorkerKind
from edge.wire.records.bodies import CameraFault


@dataclass(frozen=True, slots=True)
class Heard:
    """A worker said something; answers go to ``link``, so that a successor never gets them."""

    worker: str
    link: Link
    message: Word | StillTaken


@dataclass(frozen=True, slots=True)
class Started:
    """A process was started; it knows nothing yet."""

    worker: str
    kind: WorkerKind


@dataclass(frozen=True, slots=True)
class Progressed:
    """The first sign of progress of a process."""

    worker: str
    kind: WorkerKind


@dataclass(frozen=True, slots=True)
class Lost:
    """A process is gone and will be replaced; ``restarts`` counts the replacements so far."""

    worker: str
    kind: WorkerKind
    fault: CameraFault
    detail: str
    restarts: int


Happening = Heard | Started | Progressed | Lost


@dataclass(frozen=True, slots=True)
class WorkerState:
    """How a worker is now, for self-tests and diagnostics."""

    name: str
    kind: WorkerKind
    is_alive: bool
    frames: int
    beat_age_s: float | None
    restarts: int
    last_fault: str

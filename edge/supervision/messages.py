"""What a worker process and the agent say to each other through their pipe.

A worker (one a camera, one a door, one for the sensors) runs ``target(config, pipe)`` in a
process of its own. It must send a :class:`Beat` whenever it made real progress (a frame, not
mere life): the agent replaces a worker that stays silent. Must not import paho or SQLite.
"""

from dataclasses import dataclass, field
from datetime import datetime

from edge.wire.messages import Command, Reply
from edge.wire.records.bodies import Body, CameraFault
from edge.wire.topics import UpChannel


@dataclass(frozen=True, slots=True)
class Beat:
    """Progress: ``frames`` since the worker began, and the timestamp of the newest one."""

    frames: int
    pts_s: float


@dataclass(frozen=True, slots=True)
class Said:
    """Something to record. The agent answers :class:`Stored` when ``ticket`` is not 0."""

    body: Body
    at: datetime
    mono_ns: int
    ticket: int = 0


@dataclass(frozen=True, slots=True)
class StillTaken:
    """A JPEG of a camera, privacy masks burnt in; at most ``MAX_STILL_BYTES``."""

    camera: str
    jpeg: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class LivePart:
    """Something to see right now or never: a piece of live video, or a small picture for the wall."""

    channel: UpChannel
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Faulted:
    """The worker gives up because of ``fault`` and ends; the agent starts it again later."""

    fault: CameraFault
    detail: str


@dataclass(frozen=True, slots=True)
class Told:
    """A door said something to somebody; for its screen. Holds a name: must not be logged."""

    code: str
    text: str = field(repr=False)
    name: str = field(default="", repr=False)
    action: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DoorScreen:
    """What stands on a door's screen besides messages; sent when it changes.

    ``challenge`` are the figures of "mode ketat", or empty.
    """

    challenge: str = ""
    footers: tuple[str, ...] = ()
    is_asking_pin: bool = False
    is_clock_known: bool = True


@dataclass(frozen=True, slots=True)
class Stored:
    """The agent committed (or could not keep) the row of this ticket; only now may a door beep."""

    ticket: int
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A command of the hub that this worker has to carry out.

    With a ``ticket`` other than 0 the worker answers :class:`Answered`, at once or when it knows.
    """

    command: Command
    ticket: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of the order with this ticket."""

    ticket: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """A new roster for doors, as the decrypted bytes of :mod:`edge.hadir.judging.roster`."""

    version: int
    plain: bytes


@dataclass(frozen=True, slots=True)
class LettersChanged:
    """What letters are judged by, for doors, as the decrypted bytes of :mod:`edge.wire.papers.trust`."""

    version: int
    plain: bytes


@dataclass(frozen=True, slots=True)
class PinTyped:
    """Somebody typed a PIN on the door's screen, for the badge it asked about."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """The guard at the door's screen vouches for whoever shows the badge it asked about."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End cleanly, now."""


FromWorker = Beat | Said | StillTaken | LivePart | Faulted | Answered | Told | DoorScreen
ToWorker = Stored | Order | RosterChanged | LettersChanged | PinTyped | Witnessed | Stop

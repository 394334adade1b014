"""What hub and device say to each other about software: which release is wanted, and how far it got.

A release travels as ``Desired(document="release")``, signed and sealed like every document; how an
update goes comes back as records of the kind ``update``. Pure.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.records.fields import Count, Message, ShortText, Text

# Of a :class:`ReleaseDocument`, as in ``Desired(document=...)``.
DOCUMENT = "release"
# Where bundles are had from the hub; what follows is their SHA-256 and a permit.
PATH = "/rilis/"
MINUTES_A_DAY = 1440
MAX_BUNDLE_BYTES = 8 * 2**30

Sha256 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
# Of a release: rises with every one, whatever its version is called.
ReleaseNumber = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Board = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,15}\Z")]
MinuteOfDay = Annotated[int, msgspec.Meta(ge=0, lt=MINUTES_A_DAY)]


class UpdateState(StrEnum):
    """How far an update got; every one is on the disk before anything is done in it."""

    IDLE = "idle"  # nothing is wanted
    OFFERED = "offered"  # the hub wants a release
    CHECKING = "checking"  # for this board, newer than all that ran, room on the disk
    DOWNLOADING = "downloading"
    DOWNLOADED = "downloaded"
    VERIFYING = "verifying"  # checksum, signature, and what the signed bundle says of itself
    WAITING = "waiting"  # verified; installs when nobody is scanned
    INSTALLING = "installing"  # into the slot that does not run
    INSTALLED = "installed"  # restarts in the quiet hours, when nobody is scanned
    RESTARTING = "restarting"  # into the new slot, for one trial
    TRYING = "trying"  # the new release runs, and has not been heard by the hub
    COMMITTING = "committing"  # the hub heard it: it is marked good
    COMMITTED = "committed"  # the new release is the device's own
    RETURNING = "returning"  # the trial failed: restarts into the old slot
    RETURNED = "returned"  # the old release runs again
    REFUSED = "refused"  # not a release for this device; the old one runs
    FAILED = "failed"  # it could not be had or written; the old one runs


SETTLED = frozenset(
    {
        UpdateState.IDLE,
        UpdateState.COMMITTED,
        UpdateState.RETURNED,
        UpdateState.REFUSED,
        UpdateState.FAILED,
    }
)
"""States in which nothing more happens until the hub wants something else."""


class UpdateFault(StrEnum):
    """Why an update did not come about."""

    OTHER_BOARD = "other-board"
    NOT_NEWER = "not-newer"
    NO_ROOM = "no-room"
    UNREACHABLE = "unreachable"  # the hub does not give the file; tried again
    NOT_PERMITTED = "not-permitted"  # the permit is over; a new one comes by itself
    GONE = "gone"  # the hub has no such file
    DAMAGED = "damaged"  # it is not what the document says, twice
    NOT_SIGNED = "not-signed"  # by the city's firmware key
    OTHER_CONTENT = "other-content"  # the signed bundle says another board, number or version
    NOT_INSTALLED = "not-installed"
    NOT_STARTED = "not-started"  # the new release was not what came up
    NOT_HEARD = "not-heard"  # the hub acknowledged nothing in time
    INTERRUPTED = "interrupted"  # the power went, or the device was killed, again and again
    DISK = "disk"  # the device cannot remember how far it is
    WITHDRAWN = "withdrawn"  # the hub took it back
    UNSUPPORTED = "unsupported"  # this device has no second slot


class ReleaseDocument(Message, frozen=True, kw_only=True):
    """What the hub wants a device to run.

    ``order`` names one try: what failed is not tried again until the hub sends another one.
    ``url`` is the whole address of the bundle with its permit; the same order may come again with a
    new permit. ``is_withdrawn``: forget the order if the device has not restarted yet. Between
    ``quiet_from`` and ``quiet_until`` (minutes of the UTC day, may span midnight; equal: always) the
    device may restart.
    """

    version: Count
    order: ShortText
    number: ReleaseNumber
    name: ShortText
    board: Board
    sha256: Sha256
    size_bytes: Annotated[int, msgspec.Meta(ge=1, le=MAX_BUNDLE_BYTES)]
    url: Annotated[str, msgspec.Meta(pattern=r"\Ahttps?://[\x21-\x7e]{1,480}\Z")]
    quiet_from: MinuteOfDay = 0
    quiet_until: MinuteOfDay = 0
    is_withdrawn: bool = False


class UpdateReport(Message, tag="update", tag_field="kind", frozen=True):
    """How far a device is with an update; also said at each start, with what runs.

    ``number`` and ``name`` are of the release that is wanted, ``running_…`` of the one that runs;
    0 and empty: none, or nobody knows.
    """

    state: UpdateState
    order: ShortText = ""
    number: Count = 0
    name: ShortText = ""
    running_number: Count = 0
    running_name: ShortText = ""
    board: ShortText = ""
    slot: ShortText = ""
    # The highest number that ever ran well here: nothing older is taken.
    floor: Count = 0
    fault: UpdateFault | None = None
    detail: Text = ""


def encode_release(document: ReleaseDocument) -> bytes:
    """Return the bytes to seal with :func:`edge.wire.desired.seal_for_device`."""
    return msgspec.json.encode(document)


def decode_release(plain: bytes) -> ReleaseDocument:
    """Return the document in ``plain``.

    Raises:
        ValueError: the bytes are none; a ``msgspec.MsgspecError`` is one.
    """
    return msgspec.json.decode(plain, type=ReleaseDocument, strict=True)


def is_quiet(document: ReleaseDocument, minute_of_day: int) -> bool:
    """Return whether a device may restart in this minute of the UTC day."""
    begin, end = document.quiet_from, document.quiet_until
    if begin == end:
        return True
    if begin < end:
        return begin <= minute_of_day < end
    return minute_of_day >= begin or minute_of_day < end

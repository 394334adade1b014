"""Where an update stands when the agent starts: what was kept, held against what runs. Pure.

The slot that runs is the truth; the file only says what was meant.
"""

from msgspec.structs import replace

from edge.update.life.progress import Progress
from edge.update.port import SystemStatus
from edge.wire.updates import SETTLED, UpdateFault, UpdateState

# How often a state may be begun again after a kill; what is killed at the same place each time is
# killed by it. A download gets further with each of many interruptions.
MAX_TRIES = 3
MAX_DOWNLOAD_TRIES = 50

BEFORE_RESTART = frozenset(
    {
        UpdateState.OFFERED,
        UpdateState.CHECKING,
        UpdateState.DOWNLOADING,
        UpdateState.DOWNLOADED,
        UpdateState.VERIFYING,
        UpdateState.WAITING,
        UpdateState.INSTALLING,
        UpdateState.INSTALLED,
    }
)
"""States in which the old release runs and nothing has to be taken back."""


def recover(kept: Progress, status: SystemStatus) -> Progress:
    """Return where the update really is.

    Args:
        kept: What was on the disk.
        status: What runs now.
    """
    document = kept.document
    if document is None or kept.state in SETTLED:
        return _without_order(kept, status)
    if status.number == document.number:
        return _on_the_new_one(kept, status)
    if kept.state in BEFORE_RESTART:
        return _again(kept)
    if kept.state is UpdateState.RESTARTING and kept.boot == status.boot:
        return _again(kept)
    return replace(kept, state=UpdateState.RETURNED, fault=kept.fault or _why(kept), tries=0)


def _without_order(kept: Progress, status: SystemStatus) -> Progress:
    """Judge a trial nobody remembers: the file was lost. It is heard or taken back like any other."""
    if status.is_committed:
        is_back = kept.state is UpdateState.RETURNING
        done = UpdateState.RETURNED if is_back else UpdateState.IDLE
        return kept if kept.state in SETTLED else replace(kept, state=done, tries=0)
    # One that could not be taken back is left to the machine's own timer, or it would restart for ever.
    if kept.state is UpdateState.FAILED:
        return kept
    if kept.state is UpdateState.RETURNING:
        return _again(kept)
    return _trial(replace(kept, document=None), status)


def _on_the_new_one(kept: Progress, status: SystemStatus) -> Progress:
    if status.is_committed:
        floor = max(kept.floor, status.number)
        return replace(kept, state=UpdateState.COMMITTED, fault=None, detail="", tries=0, floor=floor)
    if kept.state is UpdateState.RETURNING:
        return _again(kept)
    if kept.boot == status.boot and kept.state in {UpdateState.TRYING, UpdateState.COMMITTING}:
        return replace(kept, tries=kept.tries + 1)
    return _trial(kept, status)


def _trial(kept: Progress, status: SystemStatus) -> Progress:
    is_second = kept.state in {UpdateState.TRYING, UpdateState.COMMITTING}
    tries = kept.tries + 1 if is_second else 0
    if tries > MAX_TRIES:
        return replace(kept, state=UpdateState.RETURNING, fault=UpdateFault.INTERRUPTED, tries=0)
    # When it began is for the machine to say: it has the clock.
    return replace(kept, state=UpdateState.TRYING, boot=status.boot, began_s=0.0, tries=tries)


def _again(kept: Progress) -> Progress:
    most = MAX_DOWNLOAD_TRIES if kept.state is UpdateState.DOWNLOADING else MAX_TRIES
    if kept.tries < most:
        return replace(kept, tries=kept.tries + 1)
    return replace(kept, state=UpdateState.FAILED, fault=kept.fault or UpdateFault.INTERRUPTED, tries=0)


def _why(kept: Progress) -> UpdateFault:
    return UpdateFault.NOT_STARTED if kept.state is UpdateState.RESTARTING else UpdateFault.INTERRUPTED

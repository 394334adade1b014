"""The life of an update, state by state: what is done in each, and what follows.

Each state is on the disk before anything is done in it. Called by one thread, step by step; whatever
kills it in between, the next start goes on from what was written (:mod:`edge.update.life.recovering`).
Must not know MQTT, HTTP or RAUC.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from edge.update.download import BundleSource, FetchError, download
from edge.update.life.ledger import UpdateLedger
from edge.update.life.progress import Progress
from edge.update.life.recovering import BEFORE_RESTART, recover
from edge.update.life.reviewing import Refusal, digest_of, review, review_bundle
from edge.update.port import (
    BundleError,
    InstallError,
    Surroundings,
    SystemBusyError,
    SystemUpdater,
    Voice,
)
from edge.wire.updates import SETTLED, ReleaseDocument, UpdateFault, UpdateState, is_quiet

logger = logging.getLogger(__name__)

# How long until the next look, while something is awaited.
LOOK_S = 2.0
QUIET_LOOK_S = 30.0
SETTLED_LOOK_S = 3600.0
FETCH_AGAIN_S = 60.0
# A machine that was told to restart and is still here is told again after this.
RESTART_WAIT_S = 60.0
_MAX_RESTARTS = 3
_MAX_MARKS = 3
# At the second wrong checksum the file at the hub is wrong, not the link.
_MAX_DAMAGED = 2


class Updater:
    """One device's update."""

    def __init__(
        self,
        *,
        system: SystemUpdater,
        source: BundleSource,
        voice: Voice,
        around: Surroundings,
        folder: Path,
        trial_s: float,
    ) -> None:
        """Take the parts; nothing is read yet.

        Args:
            system: The machine's two slots.
            source: Where bundles come from.
            voice: The way to the hub.
            around: The device.
            folder: On the data partition; progress and the bundle lie there.
            trial_s: How long a new release may take until the hub has heard it.
        """
        self._system = system
        self._source = source
        self._voice = voice
        self._around = around
        self._trial_s = trial_s
        self._ledger = UpdateLedger(folder=folder, voice=voice, now=around.now)
        self._restarts = 0
        self._marks = 0
        self._begun_s = 0.0
        self._waiting: ReleaseDocument | None = None
        self._actions: dict[UpdateState, Callable[[], float]] = {
            UpdateState.OFFERED: lambda: self._ledger.go(UpdateState.CHECKING),
            UpdateState.CHECKING: self._check,
            UpdateState.DOWNLOADING: self._download,
            UpdateState.DOWNLOADED: lambda: self._ledger.go(UpdateState.VERIFYING),
            UpdateState.VERIFYING: self._verify,
            UpdateState.WAITING: self._await_pause,
            UpdateState.INSTALLING: self._install,
            UpdateState.INSTALLED: self._await_quiet,
            UpdateState.RESTARTING: lambda: self._restart(is_trial=True),
            UpdateState.TRYING: self._try,
            UpdateState.COMMITTING: self._commit,
            UpdateState.RETURNING: lambda: self._restart(is_trial=False),
        }

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._ledger.progress

    def begin(self) -> None:
        """Find out where the update is, and say so.

        Raises:
            InstallError: the machine does not say what runs.
        """
        self._ledger.status = status = self._system.status()
        self._begun_s = self._around.monotonic()
        found = recover(self._ledger.read(), status)
        if found.state is UpdateState.TRYING and found.began_s == 0.0:
            found = replace(found, began_s=self._begun_s)
        if found.state in SETTLED:
            self._ledger.sweep()
        self._ledger.enter(found)

    def accept(self, document: ReleaseDocument) -> None:
        """Take what the hub wants now; the same order again brings a new permit, or takes it back."""
        if document.version < self.progress.newest:
            logger.warning("release document %d is older than %d", document.version, self.progress.newest)
            return
        present = self.progress.document
        is_same = present is not None and present.order == document.order
        if self.progress.state in SETTLED:
            if not is_same and not document.is_withdrawn:
                self._take(document)
        elif self.progress.state in BEFORE_RESTART:
            self._replace(document, is_same=is_same)
        elif not is_same:
            self._waiting = document

    def step(self) -> float:
        """Do what is due in the present state; return the seconds until the next look."""
        try:
            return self._actions.get(self.progress.state, self._take_waiting)()
        except SystemBusyError:
            return QUIET_LOOK_S
        except InstallError as error:
            return self._trouble(error)

    def _check(self) -> float:
        document, path = self._ledger.document, self._ledger.bundle
        there = path.stat().st_size if path.exists() else 0
        refusal = review(
            document,
            self._system.status(),
            floor=self.progress.floor,
            free_bytes=self._around.free_bytes(),
            there_bytes=there,
        )
        if refusal is None:
            self._ledger.sweep(keep=path)
            return self._ledger.go(UpdateState.DOWNLOADING)
        return self._ledger.settle(refusal)

    def _download(self) -> float:
        document = self._ledger.document
        try:
            is_whole = download(
                self._source,
                document.url,
                self._ledger.bundle,
                size_bytes=document.size_bytes,
                is_wanted=self._around.is_wanted,
            )
        except FetchError as error:
            return self._not_fetched(error)
        return self._ledger.go(UpdateState.DOWNLOADED) if is_whole else 0.0

    def _not_fetched(self, error: FetchError) -> float:
        if error.fault in {UpdateFault.UNREACHABLE, UpdateFault.NOT_PERMITTED}:
            self._ledger.note(error.fault, str(error))
            return FETCH_AGAIN_S
        if error.fault is UpdateFault.DAMAGED:
            return self._fetch_anew(str(error))
        return self._ledger.settle(Refusal(UpdateState.FAILED, error.fault, str(error)))

    def _fetch_anew(self, detail: str) -> float:
        self._ledger.remove(self._ledger.bundle)
        damaged = self.progress.damaged + 1
        if damaged >= _MAX_DAMAGED:
            return self._ledger.settle(Refusal(UpdateState.FAILED, UpdateFault.DAMAGED, detail))
        return self._ledger.go(UpdateState.DOWNLOADING, damaged=damaged)

    def _verify(self) -> float:
        if digest_of(self._ledger.bundle) != self._ledger.document.sha256:
            return self._fetch_anew("sidik berkas tidak cocok")
        try:
            facts = self._system.check(self._ledger.bundle)
        except BundleError as error:
            return self._ledger.settle(Refusal(UpdateState.REFUSED, UpdateFault.NOT_SIGNED, str(error)))
        refusal = review_bundle(self._ledger.document, facts)
        return self._ledger.go(UpdateState.WAITING) if refusal is None else self._ledger.settle(refusal)

    def _await_pause(self) -> float:
        return self._ledger.go(UpdateState.INSTALLING) if self._around.is_free() else LOOK_S

    def _install(self) -> float:
        try:
            self._system.install(self._ledger.bundle)
        except BundleError as error:
            return self._ledger.settle(Refusal(UpdateState.REFUSED, UpdateFault.NOT_SIGNED, str(error)))
        return self._ledger.go(UpdateState.INSTALLED)

    def _await_quiet(self) -> float:
        minute = self._around.minute_of_day()
        document = self._ledger.document
        is_any_time = document.quiet_from == document.quiet_until
        if not (is_any_time or (minute is not None and is_quiet(document, minute))):
            return QUIET_LOOK_S
        if not self._around.is_free():
            return LOOK_S
        return self._ledger.go(UpdateState.RESTARTING, boot=self._ledger.running.boot)

    def _restart(self, *, is_trial: bool) -> float:
        # The agent may be started again while the machine is going down: not asked twice for that.
        is_told = self.progress.tries > 0 and self._restarts == 0
        if is_told and self._around.monotonic() - self._begun_s < RESTART_WAIT_S:
            return RESTART_WAIT_S
        if self._restarts >= _MAX_RESTARTS:
            fault = UpdateFault.NOT_STARTED
            return self._ledger.settle(Refusal(UpdateState.FAILED, fault, "mesin tidak mau dimulai ulang"))
        self._restarts += 1
        self._around.restart(is_trial)
        return RESTART_WAIT_S

    def _try(self) -> float:
        if self._voice.is_heard():
            return self._ledger.go(UpdateState.COMMITTING)
        if self._around.monotonic() - self.progress.began_s >= self._trial_s:
            return self._ledger.go(UpdateState.RETURNING, fault=UpdateFault.NOT_HEARD)
        return LOOK_S

    def _commit(self) -> float:
        try:
            self._system.mark_good()
        except InstallError as error:
            self._marks += 1
            if self._marks < _MAX_MARKS:
                return LOOK_S
            return self._ledger.go(
                UpdateState.RETURNING, fault=UpdateFault.NOT_INSTALLED, detail=str(error)[:500]
            )
        self._ledger.status = self._system.status()
        self._ledger.sweep()
        floor = max(self.progress.floor, self._ledger.status.number)
        return self._ledger.go(UpdateState.COMMITTED, fault=None, detail="", floor=floor)

    def _take_waiting(self) -> float:
        document, self._waiting = self._waiting, None
        if document is None:
            return SETTLED_LOOK_S
        self.accept(document)
        return 0.0

    def _take(self, document: ReleaseDocument) -> None:
        begun = {"damaged": 0, "boot": "", "fault": None, "detail": ""}
        self._ledger.go(UpdateState.OFFERED, document=document, newest=document.version, **begun)

    def _replace(self, document: ReleaseDocument, *, is_same: bool) -> None:
        if document.is_withdrawn:
            if is_same:
                self._ledger.sweep()
                gone = {"document": None, "newest": document.version}
                self._ledger.go(UpdateState.IDLE, fault=UpdateFault.WITHDRAWN, detail="", **gone)
        elif is_same:
            # The state stays; only where the file is had changes.
            self._ledger.keep(replace(self.progress, document=document, newest=document.version))
        else:
            self._take(document)

    def _trouble(self, error: InstallError) -> float:
        if self.progress.state in BEFORE_RESTART:
            return self._ledger.settle(Refusal(UpdateState.FAILED, UpdateFault.NOT_INSTALLED, str(error)))
        self._ledger.note(UpdateFault.NOT_INSTALLED, str(error))
        return LOOK_S

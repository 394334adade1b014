"""Opens what an agent cannot start without: identity, outbox, and what the hub signed.

What is missing is said in one line that names the thing and the remedy. Must not start anything.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from edge.clock import Clock, Stamp
from edge.commissioning.keeper import SettingsKeeper
from edge.commissioning.overlay_file import overlay_path
from edge.config import EdgeConfig
from edge.documents.doors import DoorDocuments
from edge.documents.keeping import KeptDocument
from edge.documents.roster import RosterShelf
from edge.enrolment.renewing import IdentityDesk
from edge.errors import EdgeError, OutboxUnavailableError
from edge.health.probing.board import disk_free_mib
from edge.identity import Identity, IdentityError, read_hub_keys, read_identity, time_trouble
from edge.outbox import Outbox
from edge.running.alone import NotAloneError, alone_on
from edge.running.intake import AcceptanceLog
from edge.wire.desired import DesiredError, open_desired
from edge.wire.messages import Desired
from edge.wire.papers.trust import decode_trust
from edge.wire.records.bodies import Body, ClockQuality

logger = logging.getLogger(__name__)

_MIB = 1024 * 1024


class CannotStartError(EdgeError):
    """Something the agent cannot do without is missing; says what, and what to do."""


@contextmanager
def alone(config: EdgeConfig) -> Iterator[None]:
    """Hold the device's folder. Raises :class:`CannotStartError` when another agent does."""
    path = Path(config.outbox.path)
    with ExitStack() as stack:
        try:
            stack.enter_context(alone_on(path))
        except NotAloneError as error:
            raise CannotStartError(str(error)) from error
        except OSError as error:
            raise _no_folder(path, error) from error
        yield


def own_identity(config: EdgeConfig) -> Identity:
    """Return who this device is. Raises :class:`CannotStartError`."""
    try:
        return read_identity(config.hub, device=config.device)
    except IdentityError as error:
        raise CannotStartError(str(error)) from error


def _no_folder(path: Path, error: OSError) -> CannotStartError:
    return CannotStartError(f"outbox.path {path}: {error.strerror}; name a folder that this user may write")


def door_documents(config: EdgeConfig, identity: Identity) -> DoorDocuments:
    """Return the documents of doors at hand. Raises :class:`CannotStartError` without the hub's key."""
    try:
        read_hub_keys(config.hub)
    except IdentityError as error:
        raise CannotStartError(str(error)) from error
    unseal = unsealing(config, identity)
    folder = Path(config.outbox.path).parent
    return DoorDocuments(
        roster=RosterShelf(path=folder / "roster.sealed", unseal=unseal),
        letters=KeptDocument(path=folder / "letters.sealed", unseal=unseal, decode=decode_trust),
    )


def open_outbox(config: EdgeConfig, clock: Clock) -> Outbox:
    """Return the outbox, made if need be. Raises :class:`CannotStartError`."""
    path, size_mib = Path(config.outbox.path), config.outbox.max_mib
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Outbox.open(path, max_bytes=size_mib * _MIB, clock=clock)
    except OSError as error:
        raise _no_folder(path, error) from error
    except OutboxUnavailableError as error:
        free_mib = disk_free_mib(path.parent)
        raise CannotStartError(
            f"outbox.path {path}: {error}; it takes {size_mib} MiB (outbox.max_mib), {free_mib} MiB are free:"
            " free the disk, lower max_mib, or name a folder that this user may write"
        ) from error


def acceptance_log(
    config: EdgeConfig, *, at_end: Callable[[Callable[[], None]], object]
) -> AcceptanceLog | None:
    """Return the log of accepted records, if one is wanted; ``at_end`` is given what closes it."""
    if config.acceptance_log is None:
        return None
    log = AcceptanceLog(Path(config.acceptance_log))
    at_end(log.close)
    return log


def settings_keeper(config: EdgeConfig, identity: Identity) -> SettingsKeeper:
    """Return the camera settings in force: the file's, and what was drawn over them."""
    return SettingsKeeper(
        cameras=config.cameras,
        path=overlay_path(config),
        unseal=unsealing(config, identity),
        now=lambda: datetime.now(UTC),
    )


def identity_desk(
    config: EdgeConfig, identity: Identity, note: Callable[[Body], None], announce: Callable[[], object]
) -> IdentityDesk:
    """Return where renewed certificates come in."""
    return IdentityDesk(
        device=config.device,
        link=config.hub,
        unseal=unsealing(config, identity),
        note=note,
        announce=announce,
    )


def unsealing(config: EdgeConfig, identity: Identity) -> Callable[[Desired], bytes]:
    """Return what opens documents that the hub signed and sealed for this device."""

    def unseal(desired: Desired) -> bytes:
        # Read when it is needed: a device without doors starts without the hub's key, and keys change.
        try:
            hub_keys = read_hub_keys(config.hub)
        except IdentityError as error:
            raise DesiredError(str(error)) from error
        return open_desired(desired, device=config.device, device_key=identity.key, hub_keys=hub_keys)

    return unseal


def say_doubts(config: EdgeConfig, identity: Identity, stamp: Stamp) -> None:
    """Log what is doubtful at a start: the clock, and how long the certificate is good."""
    if stamp.quality is ClockQuality.UNKNOWN:
        logger.warning(
            "the clock cannot be believed (it went back, or says 1970); records say so until NTP is back"
        )
    is_valid, detail = time_trouble(identity.certificate, stamp.at)
    if not is_valid:
        logger.error("certificate %s: %s", config.hub.certificate, detail)

"""The camera settings in force on a device, and every step they take: taken, proven, given up.

Versions only rise; one that was given up never comes back, whatever the hub repeats. Must not
know workers: it says which cameras have to begin again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from edge.commissioning.overlay import Origin, Overlay, changed, lay_over
from edge.commissioning.overlay_file import Kept, read_overlay, write_overlay
from edge.config import CameraSettings
from edge.wire.camera_settings import DOCUMENT, SettingsError, decode_loosely
from edge.wire.desired import DesiredError
from edge.wire.messages import Desired

logger = logging.getLogger(__name__)

# An agent that dies again and again while settings are on trial dies of them.
MOST_STARTS_ON_TRIAL = 3


@dataclass(frozen=True, slots=True)
class Change:
    """Other settings are in force; ``cameras`` are those whose workers have to begin again."""

    version: int
    cameras: tuple[CameraSettings, ...]


class SettingsKeeper:
    """Keeps the camera settings of one device."""

    def __init__(
        self,
        *,
        cameras: tuple[CameraSettings, ...],
        path: Path,
        unseal: Callable[[Desired], bytes],
        now: Callable[[], datetime],
    ) -> None:
        """Take up what lies at ``path``; what cannot be used there is given up.

        Args:
            cameras: As ``edge.toml`` describes them.
            path: Of the overlay file.
            unseal: Checks the hub's signature and returns the plain bytes, or raises DesiredError.
            now: The wall clock, UTC.
        """
        self._file_cameras = cameras
        self._path = path
        self._unseal = unseal
        self._now = now
        self._kept = read_overlay(path)
        self.given_up_at_start = ""
        self.cameras = self._begin()

    @property
    def version(self) -> int:
        """The version of the hub in force; 0 when the hub never decided anything."""
        return 0 if self._kept.current is None else self._kept.current.version

    @property
    def is_on_trial(self) -> bool:
        """Whether nobody knows yet that cameras start on these settings."""
        return self._kept.is_on_trial

    @property
    def overlay(self) -> Overlay | None:
        """What lies over the file."""
        return self._kept.current

    def accept(self, desired: Desired) -> Change | None:
        """Take a document of the hub; return what changed, ``None`` when it is not newer.

        Raises:
            DesiredError: not signed by the hub for this device.
            SettingsError: not settings, or settings this device cannot use; nothing changed.
        """
        if desired.document != DOCUMENT:
            raise DesiredError(f"{desired.document!r} is no document this firmware knows")
        if desired.version <= max(self.version, self._kept.refused_version):
            return None
        document = decode_loosely(self._unseal(desired))
        if document.version != desired.version:
            raise SettingsError(f"version: {document.version} inside and {desired.version} outside")
        cameras = lay_over(self._file_cameras, document.cameras)
        overlay = Overlay(
            version=document.version, origin=Origin.HUB, at=self._now(), cameras=document.cameras
        )
        good = self._kept.good if self._kept.is_on_trial else self._kept.current
        self._keep(replace(self._kept, current=overlay, good=good, is_on_trial=True, starts_on_trial=0))
        return self._put_in_force(cameras)

    def prove(self) -> None:
        """The cameras live with the settings in force: from now on they are what one goes back to."""
        if self._kept.is_on_trial:
            self._keep(replace(self._kept, good=self._kept.current, is_on_trial=False, starts_on_trial=0))

    def give_up(self) -> Change:
        """Go back to the last settings that were good; the version in force is never taken again."""
        refused = max(self._kept.refused_version, self.version)
        self._keep(Kept(current=self._kept.good, good=self._kept.good, refused_version=refused))
        return self._put_in_force(self._lay_over_or_file())

    def _begin(self) -> tuple[CameraSettings, ...]:
        if self._kept.is_on_trial:
            starts = self._kept.starts_on_trial + 1
            if starts > MOST_STARTS_ON_TRIAL:
                self.given_up_at_start = f"version {self.version}: the agent ended {starts - 1} times on it"
                self.cameras = self._file_cameras
                self.give_up()
                return self.cameras
            self._keep(replace(self._kept, starts_on_trial=starts))
        return self._lay_over_or_file()

    def _lay_over_or_file(self) -> tuple[CameraSettings, ...]:
        overlay = self._kept.current
        if overlay is None:
            return self._file_cameras
        try:
            return lay_over(self._file_cameras, overlay.cameras)
        except SettingsError as error:
            # The file changed under the overlay, or an older firmware is back.
            self.given_up_at_start = f"version {overlay.version}: {error}"
            self._kept = replace(self._kept, current=None, is_on_trial=False)
            return self._file_cameras

    def _put_in_force(self, cameras: tuple[CameraSettings, ...]) -> Change:
        concerned = changed(self.cameras, cameras)
        self.cameras = cameras
        return Change(version=self.version, cameras=concerned)

    def _keep(self, kept: Kept) -> None:
        self._kept = kept
        try:
            write_overlay(self._path, kept)
        except OSError as error:
            # In force all the same; after a restart the hub sends it again.
            logger.warning("%s: the camera settings cannot be kept: %s", self._path, error)

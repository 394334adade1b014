"""The key of this device's workplace codes as it came from the hub: sealed on the disk, plain in memory.

Must not log it.
"""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from edge.wire.desired import DesiredError
from edge.wire.messages import DecodeError, Desired, decode_desired, encode
from edge.wire.workplace import WorkplaceCodeError, WorkplaceDocument, decode_workplace

logger = logging.getLogger(__name__)


class WorkplaceShelf:
    """Keeps the newest document."""

    def __init__(self, *, path: Path, unseal: Callable[[Desired], bytes]) -> None:
        """Take up what lies at ``path``; what cannot be read is asked for again by being there.

        Args:
            path: File with the sealed document.
            unseal: Checks the hub's signature and returns the plain bytes, or raises
                :class:`DesiredError`.
        """
        self._path = path
        self._unseal = unseal
        self.document: WorkplaceDocument | None = None
        try:
            self.document = self._opened(decode_desired(path.read_bytes()))
        except FileNotFoundError:
            logger.debug("no key of workplace codes yet: the hub sends it")
        except (OSError, DecodeError, DesiredError, WorkplaceCodeError) as error:
            logger.warning("%s: the kept key of workplace codes cannot be used: %s", path, error)

    def accept(self, desired: Desired) -> None:
        """Take a document of the hub and keep it; the hub repeats itself at each birth.

        Raises:
            DesiredError: not signed by the hub for this device, or older than the one at hand.
            WorkplaceCodeError: no workplace document.
        """
        document = self._opened(desired)
        if self.document is not None and document.version < self.document.version:
            raise DesiredError(f"{desired.document} {document.version} is older than {self.document.version}")
        self.document = document
        self._write(desired)

    def _opened(self, desired: Desired) -> WorkplaceDocument:
        document = decode_workplace(self._unseal(desired))
        if document.version != desired.version:
            raise DesiredError(f"says version {document.version} inside and {desired.version} outside")
        return document

    def _write(self, desired: Desired) -> None:
        new = self._path.with_name(self._path.name + ".new")
        try:
            with new.open("wb") as file:
                file.write(encode(desired))
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            # The screens go on with what is in memory; after a restart the hub sends it again.
            logger.warning("%s: the key of workplace codes cannot be kept: %s", self._path, error)

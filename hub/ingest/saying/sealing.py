"""Seals documents to single devices: what all sources of documents have in common.

A device is known by the certificate that was published for it; whoever has none gets nothing.
"""

import logging
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.wire.desired import DesiredError, device_key_of_certificate, seal_for_device
from edge.wire.messages import Desired


class DeviceSealer:
    """Seals one kind of document; names a device without a usable certificate once."""

    def __init__(
        self,
        document: str,
        called: str,
        *,
        signing_key: Ed25519PrivateKey,
        certificates: Path,
        log: logging.Logger,
    ) -> None:
        """Take what is sealed and the hub's key.

        Args:
            document: The name under which devices know it.
            called: What the log calls it.
            signing_key: Of the hub.
            certificates: Folder of ``<device>.pem``.
            log: Of the source.
        """
        self._document, self._called = document, called
        self._signing_key = signing_key
        self._certificates = certificates
        self._log = log
        self._complained: set[str] = set()

    def seal(self, device: str, version: int, payload: bytes) -> Desired | None:
        """Return a sealed document, or ``None`` for a device that has no usable certificate."""
        path = self._certificates / f"{device}.pem"
        try:
            device_key = device_key_of_certificate(path.read_bytes())
        except (OSError, DesiredError, ValueError) as error:
            if device not in self._complained:
                self._complained.add(device)
                self._log.error(
                    "%s gets no %s: %s: %s; enrol it again", device, self._called, path.name, error
                )
            return None
        return seal_for_device(
            self._document,
            version,
            payload,
            device=device,
            device_key=device_key,
            signing_key=self._signing_key,
        )

"""Takes a renewed certificate of the hub, and whom to trust: the same key, so that nothing has to stop.

The connection in use goes on; the next one shows the new certificate. Each write leaves files that
belong together. Must not touch the key.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography import x509

from edge.config import HubLink
from edge.enrolment.files import write_whole
from edge.identity import IdentityError, read_identity
from edge.wire.desired import DesiredError, hub_keys_of_pem
from edge.wire.joining.certificates import find_root, serial_text
from edge.wire.joining.renewal import IdentityDocument
from edge.wire.messages import Desired
from edge.wire.records.bodies import Body, DeviceIncident

logger = logging.getLogger(__name__)

REFUSED = "certificate-refused"
RENEWED = "certificate-renewed"


class IdentityDesk:
    """Where the hub's renewals come in."""

    def __init__(
        self,
        *,
        device: str,
        link: HubLink,
        unseal: Callable[[Desired], bytes],
        note: Callable[[Body], None],
        announce: Callable[[], object],
    ) -> None:
        """Take the parts.

        Args:
            device: Our id.
            link: Where the files are.
            unseal: Checks the hub's signature and returns the plain bytes, or raises DesiredError.
            note: Records something.
            announce: Tells the hub how the device is.
        """
        self._device = device
        self._link = link
        self._unseal = unseal
        self._note = note
        self._announce = announce
        self._said = ""
        self.serial = serial_text(read_identity(link, device=device).certificate)

    def desire(self, desired: Desired) -> None:
        """Take a document of the hub."""
        try:
            is_new = self._take(desired)
        except (DesiredError, IdentityError, OSError, ValueError, msgspec.MsgspecError) as error:
            self._say(REFUSED, f"{error}; the certificate at hand stays in use")
            return
        # The hub repeats itself until it has heard.
        self._announce()
        if is_new:
            self._say(RENEWED, f"serial {self.serial}")

    def _take(self, desired: Desired) -> bool:
        document = msgspec.json.decode(self._unseal(desired), type=IdentityDocument, strict=True)
        new = x509.load_pem_x509_certificate(document.certificate.encode())
        present = read_identity(self._link, device=self._device).certificate
        if serial_text(new) == serial_text(present):
            return False
        if new.public_key() != present.public_key() or new.subject != present.subject:
            raise ValueError("it is for another key or another device")
        if new.not_valid_before_utc < present.not_valid_before_utc:
            raise ValueError("it is older than the one at hand")
        if find_root(new, x509.load_pem_x509_certificates(document.ca.encode())) is None:
            raise ValueError("the roots that came with it do not vouch for it")
        if document.hub_keys:
            hub_keys_of_pem(document.hub_keys.encode())
        self._write(document)
        self.serial = serial_text(new)
        return True

    def _write(self, document: IdentityDocument) -> None:
        trust, certificate = Path(self._link.ca), Path(self._link.certificate)
        old, new = trust.read_bytes(), document.ca.encode()
        if document.hub_keys:
            # Before the certificate, whose number tells the hub that all of it was taken.
            write_whole(Path(self._link.hub_key), document.hub_keys.encode())
        # Whatever is cut short, the certificate on the disk is vouched for by the roots beside it.
        write_whole(trust, new + old)
        write_whole(certificate, document.certificate.encode())
        write_whole(trust, new)

    def _say(self, what: str, detail: str) -> None:
        if self._said != what + detail:
            self._said = what + detail
            logger.log(logging.INFO if what == RENEWED else logging.WARNING, "%s: %s", what, detail)
            self._note(DeviceIncident(what=what, detail=detail[:500]))

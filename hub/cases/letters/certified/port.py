"""What the hub needs of whoever signs a PDF with a certificate. Must not keep a passphrase."""

from enum import StrEnum
from typing import Protocol

from hub.errors import HubError


class SignerStanding(StrEnum):
    """Whether somebody has a certificate that signs."""

    ISSUED = "issued"
    MISSING = "missing"
    EXPIRED = "expired"


class CertifiedSigningError(HubError):
    """A signature that was not made; the message is for the signer."""


class CertifiedSigning(Protocol):
    """A gateway that signs; the passphrase is typed for each signature and never stored."""

    def standing(self, nik: str) -> SignerStanding:
        """Return whether the official with this NIK has a certificate.

        Raises:
            CertifiedSigningError: the gateway does not answer.
        """
        ...

    def sign(self, pdf: bytes, *, nik: str, passphrase: str, link: str) -> bytes:
        """Return the PDF with the signature in it; ``link`` is where the letter is checked.

        Raises:
            CertifiedSigningError: wrong passphrase, no certificate, or no answer.
        """
        ...

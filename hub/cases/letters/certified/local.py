"""A signer for tests and demonstrations: of the gateway's behaviour, without any legal weight.

It appends a comment with a keyed digest to the PDF, so that every reader still opens it.
"""

import hashlib
import hmac
from collections.abc import Mapping

from hub.cases.letters.certified.port import CertifiedSigningError, SignerStanding

_MARK = b"\n%PONTIVE-LOCAL-SIGNATURE "


class LocalSigning:
    """Knows some officials by NIK and passphrase."""

    def __init__(
        self, passphrases: Mapping[str, str], *, key: bytes, expired: frozenset[str] = frozenset()
    ) -> None:
        """Take who may sign, and the key of the digests."""
        self._passphrases = dict(passphrases)
        self._key = key
        self._expired = expired

    def standing(self, nik: str) -> SignerStanding:
        """See :class:`CertifiedSigning`."""
        if nik not in self._passphrases:
            return SignerStanding.MISSING
        return SignerStanding.EXPIRED if nik in self._expired else SignerStanding.ISSUED

    def sign(self, pdf: bytes, *, nik: str, passphrase: str, link: str) -> bytes:
        """See :class:`CertifiedSigning`."""
        if self.standing(nik) is not SignerStanding.ISSUED:
            raise CertifiedSigningError("Sertifikat elektronik Anda belum terbit atau sudah kedaluwarsa.")
        if not hmac.compare_digest(self._passphrases[nik].encode(), passphrase.encode()):
            raise CertifiedSigningError("Passphrase salah.")
        return (
            pdf
            + _MARK
            + hmac.new(self._key, pdf + link.encode(), hashlib.sha256).hexdigest().encode()
            + b"\n"
        )

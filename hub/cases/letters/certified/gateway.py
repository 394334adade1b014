"""The gateway of BSrE as agencies run it: HTTP Basic, a question by NIK, a PDF as multipart (2024).

Read in OpenSID's signing controller (v2410.0.0, 2024). Must not log NIK, passphrase or the PDF.
"""

import base64
import http.client
import json
import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from hub.cases.letters.certified.port import CertifiedSigningError, SignerStanding

_TIMEOUT_S = 30.0
# A signed letter has some ten kilobytes more than the letter.
_MOST_ANSWER_BYTES = 20 * 1024 * 1024
_NO_ANSWER = "Layanan tanda tangan elektronik tidak menjawab; coba lagi nanti. Surat bersegel tetap terbit."


@dataclass(frozen=True, slots=True)
class GatewaySigning:
    """Signs through a gateway.

    Attributes:
        address: As ``https://tte.example.go.id``.
        user: Of HTTP Basic.
        password: Of HTTP Basic.
        tls: For https; ``None``: what the system trusts.
    """

    address: str
    user: str
    password: str
    tls: ssl.SSLContext | None = None

    def standing(self, nik: str) -> SignerStanding:
        """See :class:`CertifiedSigning`."""
        status, body, _kind = self._ask("GET", f"/api/user/status/{quote(nik, safe='')}", b"", {})
        said = _field(body, "status").upper()
        if status == http.client.OK and said == "ISSUE":
            return SignerStanding.ISSUED
        return SignerStanding.EXPIRED if said == "EXPIRED" else SignerStanding.MISSING

    def sign(self, pdf: bytes, *, nik: str, passphrase: str, link: str) -> bytes:
        """See :class:`CertifiedSigning`."""
        fields = {"nik": nik, "passphrase": passphrase, "tampilan": "invisible", "linkQR": link}
        kind, form = multipart(fields, pdf, boundary=secrets.token_hex(16))
        status, body, answered = self._ask("POST", "/api/sign/pdf", form, {"Content-Type": kind})
        if status == http.client.OK and answered.startswith("application/pdf") and body.startswith(b"%PDF-"):
            return body
        raise CertifiedSigningError(
            _field(body, "error") or "Tanda tangan elektronik ditolak oleh penyedianya."
        )

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes, str]:
        place = urlsplit(self.address)
        login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(place.netloc, timeout=_TIMEOUT_S, context=self.tls)
            if place.scheme == "https"
            else http.client.HTTPConnection(place.netloc, timeout=_TIMEOUT_S)
        )
        try:
            whole = {"Authorization": f"Basic {login}", **headers}
            connection.request(method, place.path.rstrip("/") + path, body or None, whole)
            answer = connection.getresponse()
            content = answer.read(_MOST_ANSWER_BYTES)
            return answer.status, content, answer.headers.get("Content-Type", "")
        except (OSError, http.client.HTTPException) as error:
            raise CertifiedSigningError(_NO_ANSWER) from error
        finally:
            connection.close()


def multipart(fields: Mapping[str, str], pdf: bytes, *, boundary: str) -> tuple[str, bytes]:
    """Return content type and body of a form with a file."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="surat.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = b"".join(parts) + head.encode() + pdf + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def _field(body: bytes, name: str) -> str:
    """Return a text of a JSON answer; nothing when it is none."""
    try:
        found: Any = json.loads(body[:65_536])
    except ValueError:
        return ""
    said = found.get(name) if isinstance(found, dict) else None
    return said[:300] if isinstance(said, str) else ""

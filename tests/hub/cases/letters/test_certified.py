"""Certified signing: one contract for the gateway and its local twin, and both hashes kept."""

import base64
import json
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from hub.cases.letters.certified.gateway import GatewaySigning
from hub.cases.letters.certified.local import LocalSigning
from hub.cases.letters.certified.port import CertifiedSigning, CertifiedSigningError, SignerStanding
from hub.cases.letters.certified.service import certified_file, keep_certified
from hub.cases.letters.models import LetterDocument
from hub.people.models import AuditEntry
from tests.hub.cases.letters.conftest import LetterOffice

NIK, EXPIRED, SECRET = "6171010101700001", "6171010101700002", "rahasia-lurah"
LOCAL = LocalSigning({NIK: SECRET, EXPIRED: SECRET}, key=bytes(32), expired=frozenset({EXPIRED}))
PDF = b"%PDF-1.4 surat"


class _Gateway(BaseHTTPRequestHandler):
    """Answers as the gateway does, by asking the local twin."""

    def do_GET(self) -> None:
        words = {SignerStanding.ISSUED: "ISSUE", SignerStanding.EXPIRED: "EXPIRED"}
        said = words.get(LOCAL.standing(self.path.rpartition("/")[2]), "NOT_REGISTERED")
        self._answer(200, "application/json", json.dumps({"status": said}).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts: dict[str, bytes] = {}
        for part in message_from_bytes(head + body, policy=HTTP).iter_parts():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            parts[str(part.get_param("name", header="content-disposition"))] = content
        text = {name: value.decode() for name, value in parts.items() if name != "file"}
        try:
            signed = LOCAL.sign(
                parts["file"], nik=text["nik"], passphrase=text["passphrase"], link=text["linkQR"]
            )
        except CertifiedSigningError as error:
            self._answer(400, "application/json", json.dumps({"error": str(error)}).encode())
            return
        self._answer(200, "application/pdf", signed)

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        expected = "Basic " + base64.b64encode(b"pontive:kunci").decode()
        if self.headers["Authorization"] != expected:
            status, kind, body = 401, "text/html", b"no"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["local", "gateway"])
def signing(request: pytest.FixtureRequest, gateway: str) -> CertifiedSigning:
    return LOCAL if request.param == "local" else GatewaySigning(gateway, "pontive", "kunci")


def test_an_official_with_a_certificate_and_the_passphrase_signs(signing: CertifiedSigning) -> None:
    assert [signing.standing(nik) for nik in (NIK, EXPIRED, "1")] == [
        SignerStanding.ISSUED,
        SignerStanding.EXPIRED,
        SignerStanding.MISSING,
    ]
    signed = signing.sign(PDF, nik=NIK, passphrase=SECRET, link="HTTPS://A/V/B")
    assert signed.startswith(PDF)
    assert signed == LOCAL.sign(PDF, nik=NIK, passphrase=SECRET, link="HTTPS://A/V/B")
    for nik, secret, said in ((NIK, "salah", "Passphrase salah"), (EXPIRED, SECRET, "kedaluwarsa")):
        with pytest.raises(CertifiedSigningError, match=said):
            signing.sign(PDF, nik=nik, passphrase=secret, link="")


def test_a_gateway_that_is_gone_or_knows_us_not_is_said_in_words(gateway: str) -> None:
    with pytest.raises(CertifiedSigningError, match="tidak menjawab"):
        GatewaySigning("http://127.0.0.1:9", "pontive", "kunci").standing(NIK)
    stranger = GatewaySigning(gateway, "pontive", "lain")
    assert stranger.standing(NIK) is SignerStanding.MISSING
    with pytest.raises(CertifiedSigningError, match="ditolak"):
        stranger.sign(PDF, nik=NIK, passphrase=SECRET, link="")


def test_both_files_and_hashes_are_kept_and_no_secret_is(letters: LetterOffice) -> None:
    issued = letters.issued()
    with letters.writing() as db:
        row = db.get_one(LetterDocument, issued.id)

        def sign(passphrase: str = SECRET) -> None:
            folder = letters.folder
            signed = certified_file(row, LOCAL, folder=folder, nik=NIK, passphrase=passphrase)
            keep_certified(db, row, signed, folder=folder, actor="lurah", now=letters.now)

        with pytest.raises(CertifiedSigningError, match="Passphrase"):
            sign("salah")
        assert not row.certified_sha256
        sign()
        with pytest.raises(CertifiedSigningError, match="sudah bertanda tangan"):
            sign()
        with pytest.raises(CertifiedSigningError, match="sudah bertanda tangan"):
            keep_certified(db, row, PDF, folder=letters.folder, actor="lurah", now=letters.now)
        assert row.file_sha256 == issued.file_sha256 != row.certified_sha256 == row.final_sha256
        chain = str([(one.object, one.detail) for one in db.scalars(select(AuditEntry))])
        assert NIK not in chain
        assert SECRET not in chain
        row.certified_sha256, row.file_sha256 = "", "0" * 64
        with pytest.raises(CertifiedSigningError, match="tidak ada di arsip"):
            sign()

"""A hub in memory that answers blank devices as the real one does."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from edge.enrolment.asking import HubUnreachableError, RefusedError
from edge.wire.joining.certificates import fingerprint, read_request, request_key, sign_leaf, to_pem
from edge.wire.joining.claims import ClaimCode, make_claim_code
from edge.wire.joining.enrolment import Camera, Enrolled, EnrolRequest, RefusalReason, answer_request
from provisioning.trust.certificates import Issuer, new_authority
from provisioning.trust.keyfiles import ensure_signing_key

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DEVICE = "pi-tugu"


@dataclass
class MemoryHub:
    """Signs whatever is asked; ``fails`` are errors it gives first."""

    hub_key: str
    root: Issuer = field(
        default_factory=lambda: new_authority("Pontive Root", None, NOW + timedelta(days=9000))
    )
    device: str = DEVICE
    cameras: tuple[Camera, ...] = (Camera(id="gerbang", source="picamera:0"),)
    fails: list[Exception] = field(default_factory=list)
    asked: list[EnrolRequest] = field(default_factory=list)
    broker_host: str = "hub.contoh"

    def __post_init__(self) -> None:
        self.issuer = new_authority("Pontive Issuing", self.root, NOW + timedelta(days=3000))
        self._given: dict[str, str] = {}

    @property
    def code(self) -> ClaimCode:
        return make_claim_code(b"0123456789", fingerprint(self.root.certificate))

    @property
    def trust(self) -> bytes:
        return to_pem(self.issuer.certificate) + to_pem(self.root.certificate)

    def certificate(self, key: ec.EllipticCurvePublicKey, *, device: str = "", begins: datetime = NOW) -> str:
        signed = sign_leaf(
            device or self.device,
            key,
            issuer=self.issuer.certificate,
            issuer_key=self.issuer.key,
            begins=begins - timedelta(days=1),
            ends=begins + timedelta(days=90),
            usage=ExtendedKeyUsageOID.CLIENT_AUTH,
        )
        return to_pem(signed).decode()

    def enrolled(self, key: ec.EllipticCurvePublicKey, certificate: str) -> Enrolled:
        return Enrolled(
            device=self.device,
            site="Tugu Khatulistiwa",
            at=NOW,
            certificate=certificate,
            ca=self.trust.decode(),
            hub_key=self.hub_key,
            broker_host=self.broker_host,
            broker_port=8883,
            cameras=self.cameras,
        )

    def ask(self, asked: EnrolRequest) -> bytes:
        self.asked.append(asked)
        if self.fails:
            raise self.fails.pop(0)
        key = request_key(read_request(asked.request.encode()))
        certificate = self._given.setdefault(asked.request, self.certificate(key))
        answer = answer_request(
            asked,
            self.enrolled(key, certificate),
            device_key=key,
            chain=(to_pem(self.issuer.certificate), to_pem(self.root.certificate)),
            issuer_key=self.issuer.key,
        )
        return msgspec.json.encode(answer)


@pytest.fixture
def hub(tmp_path: Path) -> MemoryHub:
    ensure_signing_key(tmp_path / "hub.key", tmp_path / "hub.pem")
    return MemoryHub(hub_key=(tmp_path / "hub.pem").read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "etc"


def unreachable() -> Exception:
    return HubUnreachableError("the hub does not answer; check the cable")


def used() -> Exception:
    return RefusedError(RefusalReason.USED, "Kode ini sudah dipakai; buat yang baru.")

"""A renewed certificate is taken without a pause, and nothing else is."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.config_file import load_config
from edge.enrolment import renewing
from edge.enrolment.enrolling import enrol
from edge.enrolment.renewing import REFUSED, RENEWED, IdentityDesk
from edge.identity import read_hub_keys, read_identity
from edge.wire.desired import DesiredError
from edge.wire.joining.renewal import DOCUMENT, IdentityDocument
from edge.wire.messages import Desired
from tests.edge.enrolment.conftest import DEVICE, NOW, MemoryHub


class Rig:
    """A device that is enrolled, and its desk; what the hub sends comes unsealed."""

    def __init__(self, folder: Path, hub: MemoryHub) -> None:
        enrol(folder, "edge.toml", code=hub.code, hub=hub, hardware="Pi 4")
        self.hub = hub
        self.link = load_config(folder / "edge.toml").hub
        self.noted: list = []
        self.announced: list[str] = []
        self.document = b""
        self.desk = IdentityDesk(
            device=DEVICE,
            link=self.link,
            unseal=self._unseal,
            note=self.noted.append,
            announce=lambda: self.announced.append(self.desk.serial),
        )
        self.key = read_identity(self.link, device=DEVICE).certificate.public_key()

    def _unseal(self, _desired: Desired) -> bytes:
        if not self.document:
            raise DesiredError("not signed by the hub for this device")
        return self.document

    def send(self, certificate: str, ca: bytes | None = None, hub_keys: str = "") -> None:
        trust = (ca or self.hub.trust).decode()
        document = IdentityDocument(certificate=certificate, ca=trust, hub_keys=hub_keys)
        self.document = msgspec.json.encode(document)
        self.desk.desire(Desired(document=DOCUMENT, version=1, sealed="", signature=""))

    @property
    def said(self) -> list[str]:
        return [body.what for body in self.noted]


@pytest.fixture
def rig(folder: Path, hub: MemoryHub) -> Rig:
    return Rig(folder, hub)


def test_a_new_certificate_of_the_same_key_is_in_force_at_once(rig: Rig) -> None:
    before = rig.desk.serial
    rig.send(rig.hub.certificate(rig.key, begins=NOW + timedelta(days=60)))
    assert rig.desk.serial != before
    assert rig.announced == [rig.desk.serial]
    assert rig.said == [RENEWED]
    present = read_identity(rig.link, device=DEVICE).certificate
    assert f"{present.serial_number:x}" == rig.desk.serial


def test_what_the_hub_repeats_is_only_announced_again(rig: Rig) -> None:
    present = Path(rig.link.certificate).read_text()
    rig.send(present)
    rig.send(present)
    assert rig.announced == [rig.desk.serial] * 2
    assert rig.said == []


def test_certificates_of_others_older_ones_and_strange_roots_change_nothing(rig: Rig) -> None:
    files = [Path(rig.link.certificate), Path(rig.link.ca)]
    before = [path.read_bytes() for path in files]
    stranger = MemoryHub(hub_key=rig.hub.hub_key)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    rig.send(rig.hub.certificate(other))
    rig.send(rig.hub.certificate(rig.key, device="pi-lain"))
    rig.send(rig.hub.certificate(rig.key, begins=NOW - timedelta(days=1)))
    rig.send(stranger.certificate(rig.key))
    rig.send("garbled")
    rig.desk._unseal = lambda _desired: b"{"
    rig.send("garbled")
    assert [path.read_bytes() for path in files] == before
    assert set(rig.said) == {REFUSED}
    assert rig.announced == []
    rig.send("garbled")
    assert len(rig.said) == 5, "what is refused again is not noted again"


def test_the_hubs_keys_come_with_it_and_garbled_ones_change_nothing(rig: Rig) -> None:
    own = Path(rig.link.hub_key)
    one = own.read_text()
    fresh = Ed25519PrivateKey.generate().public_key()
    both = one + fresh.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    rig.send(rig.hub.certificate(rig.key, begins=NOW + timedelta(days=1)), hub_keys="garbled")
    assert (own.read_text(), rig.said) == (one, [REFUSED])
    rig.send(rig.hub.certificate(rig.key, begins=NOW + timedelta(days=2)), hub_keys=both)
    assert len(read_hub_keys(rig.link)) == 2
    rig.send(rig.hub.certificate(rig.key, begins=NOW + timedelta(days=3)))
    assert own.read_text() == both, "who says nothing of them leaves them"


def test_the_city_changes_its_root_and_any_cut_leaves_a_device_that_starts(rig: Rig, monkeypatch) -> None:
    following = MemoryHub(hub_key=rig.hub.hub_key)
    write = renewing.write_whole
    for cut in (1, 2, 3, 0):
        left = [cut]

        def write_until_cut(path: Path, content: bytes, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(5, "the power went")
            write(path, content)

        monkeypatch.setattr(renewing, "write_whole", write_until_cut)
        begins = NOW + timedelta(days=4 - cut)
        rig.send(following.certificate(rig.key, begins=begins), following.trust)
        assert read_identity(rig.link, device=DEVICE).common_name == DEVICE, f"cut {cut}"
    assert Path(rig.link.ca).read_bytes() == following.trust

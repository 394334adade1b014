"""An issuing authority, a hub with it, and blank devices that ask."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.joining.certificates import make_request
from edge.wire.joining.claims import ClaimCode, prove
from edge.wire.joining.enrolment import Enrolled, EnrolRefused, EnrolRequest, Role, open_answer
from hub.enrolment.claiming.claims import Maker, Wanted, make_claim
from hub.enrolment.claiming.surroundings import issuing_authority
from hub.enrolment.issuing.authority import IssuingAuthority
from provisioning.trust.ca import CityAuthority
from provisioning.trust.keyfiles import ensure_signing_key
from tests.hub.screens import Screens, city, clock, screens

__all__ = ["city", "clock", "screens"]

LIFE = timedelta(hours=48)


@dataclass
class Asking:
    """A blank device."""

    key: ec.EllipticCurvePrivateKey
    code: ClaimCode
    asked: EnrolRequest


def blank(code: ClaimCode, *, card: str = "", key: ec.EllipticCurvePrivateKey | None = None) -> Asking:
    """Make a device with a key of its own that holds a code."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    request, nonce = make_request(key, "unnamed"), "ab" * 16
    asked = EnrolRequest(
        claim=code.id,
        request=request.decode(),
        nonce=nonce,
        proof=prove(code.proof_key, request, nonce),
        hardware="Raspberry Pi 4",
        card=card,
    )
    return Asking(key, code, asked)


@dataclass
class Office:
    """The application on the sample city, with an authority."""

    screens: Screens
    authority: IssuingAuthority
    certificates: Path

    def code(self, device: str = "pi-jawi", *, site: str = "jawi", **options) -> ClaimCode:
        wanted = Wanted(
            site=site,
            device=device,
            role=options.pop("role", Role.CAMERA),
            sources=options.pop("sources", None),
        )
        maker = options.pop("maker", Maker("teknisi1"))
        with self.screens.database.writing() as db:
            _row, code = make_claim(
                db,
                wanted,
                maker=maker,
                root_fingerprint=self.authority.root_fingerprint,
                now=self.screens.clock(),
                life=LIFE,
                random_bytes=lambda count: bytes(self._bytes(count)),
            )
        return code

    def _bytes(self, count: int) -> list[int]:
        self._number = getattr(self, "_number", 0) + 1
        return [self._number] * count

    def ask(self, one: Asking) -> Enrolled | EnrolRefused:
        answer = self.screens.stranger().post("/enrol", data=msgspec.json.encode(one.asked))
        if answer.status_code != 200:
            return msgspec.json.decode(answer.data, type=EnrolRefused)
        return open_answer(answer.data, one.asked, code=one.code, device_key=one.key)


@pytest.fixture
def authority_folder(tmp_path: Path) -> Path:
    CityAuthority(tmp_path / "issuing", now=datetime.now(UTC))
    return tmp_path / "issuing"


@pytest.fixture
def office(city: Screens, authority_folder: Path) -> Office:
    here = city.app.extensions["pontive"]
    folder = city.folder
    ensure_signing_key(folder / "hub-signing.key", folder / "hub-signing.pem")
    config = here.config
    config = msgspec.structs.replace(
        config,
        signing_key=str(folder / "hub-signing.key"),
        device_certificates=str(folder / "devices"),
        enrolment=msgspec.structs.replace(
            config.enrolment, folder=str(authority_folder), broker_files=str(folder / "for-broker")
        ),
    )
    city.app.extensions["pontive"] = type(here)(
        **{name: getattr(here, name) for name in here.__dataclass_fields__ if name != "config"}, config=config
    )
    return Office(city, issuing_authority(config), folder / "devices")


def enrolled(office: Office) -> Asking:
    one = blank(office.code())
    assert isinstance(office.ask(one), Enrolled)
    return one

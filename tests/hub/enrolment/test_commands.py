"""``pontive-hub enrolment`` from the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.joining.bundle import open_bundle
from edge.wire.joining.certificates import make_request
from edge.wire.joining.claims import read_claim_code
from hub.cli import main
from hub.db import Database
from hub.enrolment.issuing.register import certificates_of, refused_devices
from provisioning.trust.ca import CityAuthority
from provisioning.trust.keyfiles import ensure_signing_key
from tests.browser.sample import INVENTORY

PASSPHRASE = "kapal layar kuning"
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    CityAuthority(tmp_path / "issuing", now=datetime.now(UTC))
    ensure_signing_key(tmp_path / "hub-signing.key", tmp_path / "hub-signing.pem")
    (tmp_path / "hub.toml").write_text("")
    (tmp_path / "inventory.json").write_text(json.dumps(INVENTORY))
    (tmp_path / "devices").mkdir()
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def run(*arguments: str, **options: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--config", str(folder / "hub.toml")], **options)

    assert run("migrate").exit_code == 0
    assert run("places", "load", str(folder / "inventory.json")).exit_code == 0
    return run


def test_claims_bundles_known_certificates_and_revocation(run: Run, folder: Path) -> None:
    said = run("enrolment", "claim", "--device", "pi-jawi", "--json", "--source", "utara=rtsp://10.0.0.9/s")
    assert read_claim_code(json.loads(said.stdout)["code"])
    assert read_claim_code(run("enrolment", "claim", "--device", "pi-jawi").stdout)
    wrong = run("enrolment", "claim", "--device", "pi-baru")
    assert (wrong.exit_code, "tidak ada di inventaris" in wrong.output) == (1, True)
    assert run("enrolment", "claim", "--device", "pi-baru", "--site", "jawi", "--role", "door").exit_code == 0

    now = datetime.now(UTC)
    csr = make_request(ec.generate_private_key(ec.SECP256R1()), "pi-tugu")
    signed = CityAuthority(folder / "issuing", now=now).sign_device(csr, now=now)
    (folder / "devices/pi-tugu.pem").write_bytes(signed)
    assert "1 certificates recorded" in run("enrolment", "register").output

    file = folder / "pi-jawi.pontive"
    made = run("enrolment", "bundle", "pi-jawi", str(file), input=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert made.exit_code == 0, made.output
    inside = open_bundle(file.read_bytes(), PASSPHRASE)
    assert inside.enrolled.device == "pi-jawi"
    assert {camera.id for camera in inside.enrolled.cameras} == {"utara", "selatan"}
    assert (folder / "devices/pi-jawi.pem").read_text() == inside.enrolled.certificate
    again = run(
        "enrolment", "bundle", "pi-jawi", str(file), "--role", "door", input=f"{PASSPHRASE}\n{PASSPHRASE}\n"
    )
    assert again.exit_code == 0
    for device, secret, words in (("pi-x", PASSPHRASE, "tidak ada"), ("pi-jawi", "pendek", "12 letters")):
        bad = run("enrolment", "bundle", device, str(folder / "b"), input=f"{secret}\n{secret}\n")
        assert (bad.exit_code, words in bad.output) == (1, True)
    assert not (folder / "b").exists()

    assert "pi-jawi: revoked." in run("enrolment", "revoke", "pi-jawi", "--reason", "dicuri").output
    assert "revoked already" in run("enrolment", "revoke", "pi-jawi", "--reason", "dicuri").output
    assert "tidak ada di inventaris" in run("enrolment", "revoke", "pi-x", "--reason", "dicuri").output
    with Database(f"sqlite:///{folder}/hub.db").reading() as db:
        assert refused_devices(db) == {"pi-jawi"}
        assert [row.way for row in certificates_of(db, "pi-jawi")] == ["bundle", "bundle"]
        assert all(row.revoked_at for row in certificates_of(db, "pi-jawi"))

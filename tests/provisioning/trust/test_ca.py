"""The city's authority: what it signs, what it refuses, and that nothing is made twice."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.cli import commands
from provisioning.errors import ProvisioningError
from provisioning.trust.ca import CLIENT_LIFE, SERVER_LIFE, CityAuthority, root_keys_beside
from provisioning.trust.certificates import read_certificate
from provisioning.trust.enrol import make_request
from provisioning.trust.rotation import begin_rotation


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def parsed(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


def usages(certificate: x509.Certificate) -> list[x509.ObjectIdentifier]:
    return list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)


def test_a_device_gets_a_client_certificate_with_its_id_as_common_name(authority, key, now) -> None:
    certificate = parsed(authority.sign_device(make_request(key, "pi-satu"), now=now))
    assert certificate.subject.rfc4514_string() == "CN=pi-satu"
    assert usages(certificate) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert certificate.public_key() == key.public_key()
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert authority.has_issued(certificate)


def test_a_device_certificate_is_good_from_yesterday_for_ninety_days(authority, key, now) -> None:
    certificate = parsed(authority.sign_device(make_request(key, "pi-satu"), now=now))
    assert certificate.not_valid_before_utc <= now - timedelta(hours=23)
    assert timedelta(days=89) < certificate.not_valid_after_utc - now <= CLIENT_LIFE


def test_what_a_device_verifies_holds_for_a_clock_of_1970(authority, key, now) -> None:
    server = parsed(authority.sign_server(make_request(key, "localhost"), ["localhost"], now=now))
    chain = x509.load_pem_x509_certificates(authority.trust_path.read_bytes())
    assert len(chain) == 2
    for certificate in [server, *chain]:
        assert certificate.not_valid_before_utc == datetime(1970, 1, 1, tzinfo=UTC)


def test_the_server_certificate_names_hosts_and_addresses(authority, key, now) -> None:
    pem = authority.sign_server(make_request(key, "hub"), ["localhost", "127.0.0.1", "::1"], now=now)
    names = parsed(pem).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(a) for a in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    assert usages(parsed(pem)) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert parsed(pem).not_valid_after_utc - now <= SERVER_LIFE


@pytest.mark.parametrize("name", ["hub", "PI", "pi_1", "-pi", "pi+", "#", "a/b", "a" * 64, "pi\n", "pi "])
def test_a_device_cannot_get_a_name_that_is_no_device_id(authority, key, now, name: str) -> None:
    with pytest.raises(ProvisioningError, match="no device id"):
        authority.sign_device(make_request(key, name), now=now)


def test_only_the_hub_gets_the_hubs_certificate(authority, key, now) -> None:
    certificate = parsed(authority.sign_hub(make_request(key, "hub"), now=now))
    assert certificate.subject.rfc4514_string() == "CN=hub"
    with pytest.raises(ProvisioningError, match="the hub's CN is 'hub'"):
        authority.sign_hub(make_request(key, "pi-satu"), now=now)


def test_a_request_may_not_bring_two_names(authority, key, now) -> None:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, name) for name in ("pi-satu", "pi-dua")]
    csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names)).sign(key, hashes.SHA256())
    with pytest.raises(ProvisioningError, match="2 common names"):
        authority.sign_device(csr.public_bytes(serialization.Encoding.PEM), now=now)


def test_a_request_does_not_choose_its_own_extensions(authority, key, now) -> None:
    csr = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pi-satu")]))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate = parsed(authority.sign_device(csr.public_bytes(serialization.Encoding.PEM), now=now))
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_garbled_tampered_and_weak_requests_are_refused(authority, key, now) -> None:
    with pytest.raises(ProvisioningError, match="not readable"):
        authority.sign_device(b"no request", now=now)
    der = bytearray(
        x509.load_pem_x509_csr(make_request(key, "pi-satu")).public_bytes(serialization.Encoding.DER)
    )
    der[der.index(b"pi-satu")] = ord("x")
    tampered = x509.load_der_x509_csr(bytes(der)).public_bytes(serialization.Encoding.PEM)
    with pytest.raises(ProvisioningError, match="not signed by its own key"):
        authority.sign_device(tampered, now=now)
    for weak in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())):
        with pytest.raises(ProvisioningError, match="must be EC P-256"):
            authority.sign_device(make_request(weak, "pi-satu"), now=now)


def test_opening_an_authority_again_keeps_everything(authority, now) -> None:
    before = {path: path.read_bytes() for path in authority.folder.rglob("*") if path.is_file()}
    again = CityAuthority(authority.folder, now=now + timedelta(days=100))
    assert {path: path.read_bytes() for path in again.folder.rglob("*") if path.is_file()} == before


def test_keys_are_for_their_owner_only(authority) -> None:
    assert stat.S_IMODE((authority.folder / "root").stat().st_mode) == 0o700
    for key_file in [authority.folder / "root/root.key", authority.folder / "issuing.key"]:
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_the_root_key_may_be_taken_away(authority, key, now) -> None:
    (authority.folder / "root/root.key").unlink()
    again = CityAuthority(authority.folder, now=now)
    assert again.sign_device(make_request(key, "pi-satu"), now=now)


def test_two_cities_do_not_trust_each_others_devices(authority, key, now, tmp_path: Path) -> None:
    other = CityAuthority(tmp_path / "other", now=now)
    assert not authority.has_issued(parsed(other.sign_device(make_request(key, "pi-satu"), now=now)))


def test_a_revoked_certificate_stays_on_the_list_once(authority, key, now) -> None:
    first = parsed(authority.sign_device(make_request(key, "pi-satu"), now=now))
    second = parsed(authority.sign_device(make_request(key, "pi-dua"), now=now))
    for certificate in (first, second, first):
        authority.revoke(certificate, now=now)
    listed = x509.load_pem_x509_crl(authority.revocation_list_path.read_bytes())
    assert sorted(entry.serial_number for entry in listed) == sorted(
        [first.serial_number, second.serial_number]
    )
    issuer = read_certificate(authority.folder / "issuing.pem")
    assert listed.is_signature_valid(issuer.public_key())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, now) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProvisioningError, match="file/ca cannot be made"):
        CityAuthority(tmp_path / "file/ca", now=now)


def test_a_damaged_authority_names_the_file(authority, now) -> None:
    (authority.folder / "issuing.key").write_bytes(b"garbled")
    with pytest.raises(ProvisioningError, match=r"issuing\.key cannot be read as a private key"):
        CityAuthority(authority.folder, now=now)
    (authority.folder / "issuing.pem").write_bytes(b"garbled")
    with pytest.raises(ProvisioningError, match=r"issuing\.pem cannot be read as a certificate"):
        CityAuthority(authority.folder, now=now)


def test_a_root_key_beside_the_issuing_key_is_named_with_the_remedy(authority, now) -> None:
    def checked():
        return CliRunner().invoke(commands, ["ca", "check", str(authority.folder)])

    second = begin_rotation(authority.folder, now=now) / "root.key"
    first = authority.folder / "root/root.key"
    refused = checked()
    assert isinstance(refused.exception, ProvisioningError)
    assert str(first) in str(refused.exception)
    assert str(second) in str(refused.exception)
    assert "in a safe" in str(refused.exception)
    for key in (first, second):
        key.unlink()
    assert checked().exit_code == 0
    with pytest.raises(ProvisioningError, match="name the authority's folder"):
        root_keys_beside(authority.folder / "nowhere")

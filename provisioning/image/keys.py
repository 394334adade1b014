"""The authority that signs updates: apart from the one of devices, with a signer and a spare one.

``firmware-root.key`` belongs into a safe; ``signer.key`` with whoever releases; ``recovery.key`` in
another safe, for the day the first is lost. All devices know the root alone.
"""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.trust.keyfiles import private_folder, read_ec_key, write_file, write_private_key

ROOT_LIFE = timedelta(days=20 * 365)
SIGNER_LIFE = timedelta(days=5 * 365)
SIGNERS = ("signer", "recovery")


def ensure_update_keys(folder: Path, *, now: datetime) -> Path:
    """Make the keys that are missing and return the certificate that devices trust."""
    root_path = folder / "firmware-root.pem"
    if root_path.exists():
        return root_path
    private_folder(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Pontive Firmware Root")
    root = _certificate(name, key.public_key(), name, key, now, ROOT_LIFE, is_authority=True)
    write_private_key(folder / "firmware-root.key", key)
    for signer in SIGNERS:
        _make_signer(folder, signer, root, key, now)
    write_file(root_path, root.public_bytes(serialization.Encoding.PEM))
    return root_path


def make_code_signer(folder: Path, name: str, *, now: datetime) -> None:
    """Make one more signer under the root that lies in the folder."""
    root = x509.load_pem_x509_certificate((folder / "firmware-root.pem").read_bytes())
    _make_signer(folder, name, root, read_ec_key(folder / "firmware-root.key"), now)


def _make_signer(
    folder: Path, name: str, root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey, now: datetime
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(f"Pontive Firmware {name}")
    made = _certificate(subject, key.public_key(), root.subject, root_key, now, SIGNER_LIFE)
    write_private_key(folder / f"{name}.key", key)
    write_file(folder / f"{name}.pem", made.public_bytes(serialization.Encoding.PEM))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    life: timedelta,
    *,
    is_authority: bool = False,
) -> x509.Certificate:
    # A device whose clock is a little behind takes a new signer all the same.
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + life)
    builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = builder.add_extension(authority, critical=False).add_extension(
        _usage(is_authority), critical=True
    )
    if not is_authority:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
        builder = builder.add_extension(purpose, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )

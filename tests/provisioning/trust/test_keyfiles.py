"""Files are whole or absent, private ones private."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from provisioning.errors import ProvisioningError
from provisioning.trust.keyfiles import (
    ensure_ec_key,
    ensure_signing_key,
    read_ec_key,
    read_signing_key,
    write_file,
)


def test_a_private_file_is_never_readable_by_others(tmp_path: Path) -> None:
    write_file(tmp_path / "key", b"secret", mode=0o600)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_writing_replaces_the_file_and_leaves_no_part_behind(tmp_path: Path) -> None:
    (tmp_path / ".name.part").write_bytes(b"left by a power cut")
    write_file(tmp_path / "name", b"one")
    write_file(tmp_path / "name", b"two")
    assert (tmp_path / "name").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["name"]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match="nowhere/name cannot be written: No such file"):
        write_file(tmp_path / "nowhere/name", b"")


def test_a_key_is_made_once(tmp_path: Path) -> None:
    first = ensure_ec_key(tmp_path / "key")
    assert ensure_ec_key(tmp_path / "key").private_numbers() == first.private_numbers()


def test_the_signing_key_is_made_once_and_its_public_half_always_fits(tmp_path: Path) -> None:
    private, public = tmp_path / "signing.key", tmp_path / "signing.pem"
    ensure_signing_key(private, public)
    first = private.read_bytes()
    public.unlink()
    ensure_signing_key(private, public)
    assert private.read_bytes() == first
    key = read_signing_key(private)
    assert load_pem_public_key(public.read_bytes()) == key.public_key()


def test_a_key_of_the_wrong_kind_or_a_garbled_one_is_named(tmp_path: Path) -> None:
    ensure_ec_key(tmp_path / "ec")
    ensure_signing_key(tmp_path / "ed", tmp_path / "ed.pem")
    with pytest.raises(ProvisioningError, match="ec is no Ed25519 key"):
        read_signing_key(tmp_path / "ec")
    with pytest.raises(ProvisioningError, match="ed is no EC key"):
        read_ec_key(tmp_path / "ed")
    (tmp_path / "bad").write_bytes(b"garbled")
    with pytest.raises(ProvisioningError, match="bad cannot be read as a private key"):
        read_ec_key(tmp_path / "bad")

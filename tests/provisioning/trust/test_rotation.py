"""The city changes its authority while devices of the old one and of the new one are connected."""

from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.joining.certificates import find_root
from hub.enrolment.issuing.authority import IssuingAuthority
from provisioning.cli import commands
from provisioning.errors import ProvisioningError
from provisioning.trust import rotation
from provisioning.trust.ca import CityAuthority
from provisioning.trust.rotation import begin_rotation, finish_rotation, trusted_roots

DAY = timedelta(days=1)


def device(authority: IssuingAuthority, now: datetime) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    return authority.sign_device("pi-satu", key.public_key(), now=now, life=90 * DAY)


def test_both_are_trusted_until_the_change_is_finished(authority: CityAuthority, now: datetime) -> None:
    folder = authority.folder
    before = IssuingAuthority(folder)
    old = device(before, now)
    root = begin_rotation(folder, now=now)
    assert (root / "root.key").exists()
    after = IssuingAuthority(folder)
    assert after.trust_digest != before.trust_digest, "every certificate becomes due"
    new = device(after, now)
    trusted = x509.load_pem_x509_certificates(after.trust_pem)
    roots = {find_root(one, trusted) for one in (old, new)}
    assert None not in roots
    assert len(roots) == 2
    assert after.revocation_lists({}, now=now).count(b"BEGIN X509 CRL") == 2
    with pytest.raises(ProvisioningError, match="under way"):
        begin_rotation(folder, now=now)
    finish_rotation(folder)
    assert trusted_roots(folder) == 2
    final = IssuingAuthority(folder)
    assert find_root(old, x509.load_pem_x509_certificates(final.trust_pem)) is None
    assert find_root(new, x509.load_pem_x509_certificates(final.trust_pem)) is not None
    assert CityAuthority(folder, now=now).has_issued(new)
    with pytest.raises(ProvisioningError, match="no rotation to finish"):
        finish_rotation(folder)


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_change_that_was_cut_short_is_made_good(
    authority: CityAuthority, now: datetime, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    left = [cut]

    def cutting(write):
        def write_until_cut(*arguments, **options):
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
            return write(*arguments, **options)

        return write_until_cut

    old = device(IssuingAuthority(authority.folder), now)
    for name in ("write_file", "write_private_key"):
        monkeypatch.setattr(rotation, name, cutting(getattr(rotation, name)))
    with pytest.raises(KeyboardInterrupt):
        begin_rotation(authority.folder, now=now)
    monkeypatch.undo()
    begin_rotation(authority.folder, now=now)
    after = IssuingAuthority(authority.folder)
    assert find_root(old, x509.load_pem_x509_certificates(after.trust_pem)) is not None
    assert trusted_roots(authority.folder) == 4


def test_the_commands_say_what_comes_next(authority: CityAuthority) -> None:
    begun = CliRunner().invoke(commands, ["ca", "rotate", str(authority.folder)])
    assert "to a safe" in begun.output
    finished = CliRunner().invoke(commands, ["ca", "rotate", "--finish", str(authority.folder)])
    assert "new authority alone" in finished.output

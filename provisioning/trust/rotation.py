"""The city changes its authority: a new root and issuer beside the old, both trusted, then the new alone.

Between the two steps the hub brings the new roots and new certificates to every device. Must not
speak to a network; a step that was cut short is done again by the same command.
"""

from datetime import datetime
from pathlib import Path

from cryptography import x509

from edge.wire.joining.certificates import to_pem
from provisioning.errors import ProvisioningError
from provisioning.trust.ca import ISSUER_LIFE, ROOT_LIFE
from provisioning.trust.certificates import new_authority, read_certificate
from provisioning.trust.keyfiles import private_folder, read_ec_key, write_file, write_private_key

ISSUING, PREVIOUS, NEXT = "issuing", "previous", "next"


def begin_rotation(folder: Path, *, now: datetime) -> Path:
    """Make a new root and issuer; certificates are signed by the new one from the hub's next start on.

    Args:
        folder: Of the authority.
        now: The present time.

    Returns:
        The folder of the new root, to be taken to a safe.

    Raises:
        ProvisioningError: a rotation is under way, or the folder is damaged.
    """
    if (folder / f"{PREVIOUS}.pem").exists() and not (folder / f"{NEXT}.pem").exists():
        raise ProvisioningError(f"{folder}: a rotation is under way; end it with --finish first")
    root_folder = private_folder(folder / f"root-{now:%Y%m%d}")
    if not (folder / f"{NEXT}.pem").exists():
        _make_next(folder, root_folder, now)
    if not (folder / f"{PREVIOUS}.pem").exists():
        write_private_key(folder / f"{PREVIOUS}.key", read_ec_key(folder / f"{ISSUING}.key"))
        write_file(folder / f"{PREVIOUS}.pem", to_pem(read_certificate(folder / f"{ISSUING}.pem")))
    trusted, added = (folder / "ca.pem").read_bytes(), (folder / f"{NEXT}.ca.pem").read_bytes()
    if added not in trusted:
        write_file(folder / "ca.pem", added + trusted)
    write_private_key(folder / f"{ISSUING}.key", read_ec_key(folder / f"{NEXT}.key"))
    write_file(folder / f"{ISSUING}.pem", to_pem(read_certificate(folder / f"{NEXT}.pem")))
    for name in (f"{NEXT}.key", f"{NEXT}.pem"):
        (folder / name).unlink()
    return root_folder


def finish_rotation(folder: Path) -> None:
    """Trust the new authority alone; whoever has no certificate of it by now needs a new code.

    Raises:
        ProvisioningError: no rotation is under way.
    """
    added = folder / f"{NEXT}.ca.pem"
    if not added.exists() or (folder / f"{NEXT}.pem").exists():
        raise ProvisioningError(f"{folder}: no rotation to finish; begin one without --finish")
    write_file(folder / "ca.pem", added.read_bytes())
    for name in (f"{PREVIOUS}.key", f"{PREVIOUS}.pem", "crl.pem"):
        (folder / name).unlink(missing_ok=True)
    added.unlink()


def trusted_roots(folder: Path) -> int:
    """Return how many certificates devices trust now."""
    return len(x509.load_pem_x509_certificates((folder / "ca.pem").read_bytes()))


def _make_next(folder: Path, root_folder: Path, now: datetime) -> None:
    # The name tells the two apart where only names are compared, as in revocation lists.
    year = f"{now:%Y-%m-%d}"
    root = new_authority(f"Pontive Root {year}", None, now + ROOT_LIFE)
    issuer = new_authority(f"Pontive Issuing {year}", root, now + ISSUER_LIFE)
    write_private_key(root_folder / "root.key", root.key)
    write_file(root_folder / "root.pem", to_pem(root.certificate))
    write_private_key(folder / f"{NEXT}.key", issuer.key)
    write_file(folder / f"{NEXT}.ca.pem", to_pem(issuer.certificate) + to_pem(root.certificate))
    write_file(folder / f"{NEXT}.pem", to_pem(issuer.certificate))

"""Where Debian's packages come from: what this machine's own apt is set to, or what a person names."""

from collections.abc import Callable, Sequence

from provisioning.errors import ProvisioningError
from provisioning.image.workshop import run

_FORMAT = "$(LABEL)|$(REPO_URI)|$(SUITE)"


def apt_sources(
    suite: str,
    components: Sequence[str],
    *,
    mirror: str | None,
    ask: Callable[[Sequence[str]], str] = run,
) -> tuple[str, ...]:
    """Return the ``deb`` lines for a suite.

    Args:
        suite: As ``trixie``.
        components: As ``main``.
        mirror: The address of Debian's archive; None: that of this machine. A snapshot's address
            gives the packages of its day, without the security archive.
        ask: Runs a program.

    Raises:
        ProvisioningError: this machine's apt knows no Debian archive.
    """
    words = " ".join(components)
    if mirror is not None:
        return (f"deb {mirror} {suite} {words}", f"deb {mirror} {suite}-updates {words}")
    listing = ["apt-get", "indextargets", "--format", _FORMAT, "Created-By: Packages"]
    known = _addresses(ask(listing))
    if "Debian" not in known:  # a machine that was just made, or cleaned, has no lists
        ask(["apt-get", "update"])
        known = _addresses(ask(listing))
    if "Debian" not in known:
        raise ProvisioningError("apt of this machine knows no Debian archive: name one with --mirror")
    main = known["Debian"]
    lines = [f"deb {main} {suite} {words}", f"deb {main} {suite}-updates {words}"]
    if "Debian-Security" in known:
        lines.append(f"deb {known['Debian-Security']} {suite}-security {words}")
    return tuple(lines)


def _addresses(listing: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in listing.splitlines():
        label, _, rest = line.partition("|")
        found.setdefault(label, rest.partition("|")[0])
    return found

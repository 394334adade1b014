"""``pontive-edge enrol``: which way to take, and how long to wait for a network."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import click

from edge.enrolment.asking import HttpHub, HubUnreachableError
from edge.enrolment.claim_file import Claim, ClaimError, claim_of, read_claim
from edge.enrolment.enrolling import enrol, enrol_from_bundle
from edge.enrolment.files import remove
from edge.health.probing.board import Probes
from edge.uplink.backoff import Backoff
from edge.wire.joining.enrolment import Enrolled

_FIRST_WAIT_S, _LONGEST_WAIT_S = 2.0, 30.0


def run_enrol(
    config_path: Path,
    *,
    hub: str,
    code: str,
    claim_path: Path | None,
    bundle_path: Path | None,
    passphrase: str | None,
    retry_for_s: float,
) -> Enrolled:
    """Enrol by what was given.

    Raises:
        EdgeError: it did not work; says why and the remedy.
    """
    folder, name = config_path.parent, config_path.name
    if bundle_path is not None:
        secret = passphrase or click.prompt("Passphrase", hide_input=True)
        return enrol_from_bundle(folder, name, bundle_path, secret)
    claim = _claim(hub, code, claim_path)
    enrolled = patiently(
        lambda: enrol(folder, name, code=claim.code, hub=HttpHub(claim.hub), hardware=Probes().hardware()),
        retry_for_s,
    )
    if claim_path is not None:
        remove(claim_path)
    return enrolled


def _claim(hub: str, code: str, claim_path: Path | None) -> Claim:
    if claim_path is not None:
        return read_claim(claim_path)
    if not hub or not code:
        raise ClaimError("give --hub and --code, or --claim FILE, or --bundle FILE")
    return claim_of(hub, code)


def patiently(
    act: Callable[[], Enrolled],
    retry_for_s: float,
    *,
    waiting: Callable[[HubUnreachableError], None] = lambda _error: None,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Enrolled:
    """Try until it works or ``retry_for_s`` is over; ``waiting`` hears why before each wait.

    Raises:
        EdgeError: refused, or still no hub.
    """
    ends_at_s = monotonic() + retry_for_s
    # Spreads devices in time; no key hangs on it.
    backoff = Backoff(random.Random(), first_s=_FIRST_WAIT_S, cap_s=_LONGEST_WAIT_S)  # noqa: S311 - see above
    while True:
        try:
            return act()
        except HubUnreachableError as error:
            if monotonic() >= ends_at_s:
                raise
            waiting(error)
            wait_s = backoff.next_wait_s(connected_for_s=0)
            # A technician beside the device's screen wants to know what it waits for.
            click.echo(f"{error}; trying again in {wait_s:.0f} s", err=True)
            sleep(wait_s)

"""Keys and certificates as files: there, readable by the hub alone, and good for a while."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from hub.config import HubConfig
from hub.operating.findings import Finding, trouble, warning, well
from hub.operating.words import Check, Problem

# Certificates of the hub are renewed a month before (pontive-renew.timer): later nobody did.
WARN_BEFORE = timedelta(days=30)
BAD_BEFORE = timedelta(days=7)
_OTHERS_MAY = 0o077
# Root's own file, as `pontive-hub install` makes the key of the screens: the hub reads it by its group.
_ROOT, _OTHERS_MAY_BESIDE_GROUP = 0, 0o037


def look_at_files(config: HubConfig, now: datetime) -> Iterator[Finding]:
    """Yield findings of all keys, and of all certificates."""
    yield from _keys(config)
    yield from _certificates(config, now)


def _keys(config: HubConfig) -> Iterator[Finding]:
    needed = [config.broker.key, config.signing_key, *filter(None, [config.web.tls.key])]
    # These are made at the first start; a hub that never ran has none.
    made = [config.secret_file, config.workplace.key, config.sign_in.key]
    made.append(str(Path(config.folder) / "nik.key"))
    there = [Path(one) for one in (*needed, *made) if Path(one).exists()]
    faults = [trouble(Check.KEYS, Problem.KEY_MISSING, path=one) for one in needed if not Path(one).exists()]
    faults += [trouble(Check.KEYS, Problem.KEY_OPEN, path=one) for one in there if is_open(one.stat())]
    # What the hub may not look into it does not see; `pontive-provision ca check` does, as root.
    roots = sorted(Path(config.enrolment.folder).glob("root*/root.key"))
    faults += [warning(Check.KEYS, Problem.ROOT_KEY_HERE, path=one) for one in roots]
    yield from faults or [well(Check.KEYS, Problem.KEYS_WELL, count=len(there))]


def is_open(key: os.stat_result) -> bool:
    """Return whether somebody besides the hub and root may read or change a key."""
    return bool(key.st_mode & (_OTHERS_MAY_BESIDE_GROUP if key.st_uid == _ROOT else _OTHERS_MAY))


def _certificates(config: HubConfig, now: datetime) -> Iterator[Finding]:
    paths = [config.broker.ca, config.broker.certificate, *filter(None, [config.web.tls.certificate])]
    faults: list[Finding] = []
    soonest = timedelta.max
    for path in paths:
        try:
            ends_at = x509.load_pem_x509_certificate(Path(path).read_bytes()).not_valid_after_utc
        except (OSError, ValueError):
            faults.append(trouble(Check.CERTIFICATES, Problem.CERTIFICATE_UNREADABLE, path=path))
            continue
        left = ends_at - now
        soonest = min(soonest, left)
        if left <= timedelta():
            faults.append(trouble(Check.CERTIFICATES, Problem.CERTIFICATE_OVER, ends_at, path=path))
        elif left <= WARN_BEFORE:
            tell = trouble if left <= BAD_BEFORE else warning
            faults.append(tell(Check.CERTIFICATES, Problem.CERTIFICATE_ENDING, path=path, days=left.days))
    yield from faults or [well(Check.CERTIFICATES, Problem.CERTIFICATES_WELL, days=soonest.days)]

"""The rules of the MQTT broker: mosquitto's configuration and access list, written by us.

Valid for mosquitto 2.0 (Debian 12 and 13) and 2.1. Must not start it; ``city.py`` and systemd do.
"""

import os
import pwd
import shutil
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.wire.topics import HUB_USER, ROOT
from provisioning.errors import ProvisioningError
from provisioning.trust.keyfiles import write_file

# The largest message of ours is the roster of a door: 6,000 persons are about 900,000 bytes as it
# travels. A device that sends more than this is disconnected; what it may send is far less.
MAX_PACKET_BYTES = 1_600_000
# 51 sites of the city, two connections each, and room to grow tenfold.
MAX_CONNECTIONS = 1_000
# As many as ingest asks for: of live traffic a message is one record, and all that are under way are one
# commit. Measured: with 100, commits of a quarter second on a busy disk held 2,000 sites at 400 records/s.
MAX_INFLIGHT_MESSAGES = 1_000
# Never 0 (no limit): measured, a dozen orphaned sessions then took 5.5 GB. What is dropped
# beyond is sent again by the devices, because only the hub's acknowledgement counts.
MAX_QUEUED_MESSAGES = 100_000
MAX_QUEUED_BYTES = 256 * 1024 * 1024
MAX_KEEPALIVE_S = 600
# Forward secrecy and AEAD only, in TLS 1.2 too (RFC 9325, 2022, section 4); ChaCha20 (RFC 7905, 2016) for
# processors without instructions for AES, as that of a Pi 4.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
CIPHERS_1_3 = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
# Whom mosquitto becomes when root starts it.
UNPRIVILEGED_USER = "mosquitto"


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker listens, and the folder that holds all its files.

    In ``folder``: ``ca.pem``, ``server.pem``, ``server.key``, ``crl.pem`` (put there by whoever
    enrols it), and ``mosquitto.conf`` and ``acl`` (written here).
    """

    folder: Path
    port: int
    addresses: tuple[str, ...] = ("127.0.0.1",)

    @property
    def config_path(self) -> Path:
        """The file for ``mosquitto -c``."""
        return self.folder / "mosquitto.conf"


def access_list(denied: Sequence[str] = ()) -> str:
    """Return the ACL: a device says and hears what is its own, the hub everything of ours.

    Args:
        denied: Devices that were revoked. mosquitto asks its list of revoked certificates only when
            somebody connects, but this one for every message, whatever name the client gave itself.
    """
    return "\n".join(
        [
            *(line for device in denied for line in (f"user {device}", "topic deny #", "")),
            "# %u is the common name of the client's certificate. Nobody else gets anything.",
            f"pattern write {ROOT}/up/%u/#",
            f"pattern read {ROOT}/dn/%u/#",
            "",
            f"user {HUB_USER}",
            f"topic readwrite {ROOT}/#",
            "topic read $SYS/#",
            "",
        ]
    )


def configuration(broker: Broker, *, user: str | None) -> str:
    """Return the text of ``mosquitto.conf``.

    Args:
        broker: Where it listens and where its files are.
        user: Whom to become when started by root; ``None`` when an ordinary user starts it.
    """
    folder = broker.folder
    lines = [
        "# Written by Pontive (provisioning/broker.py): changes here are lost.",
        *([] if user is None else [f"user {user}"]),
        "persistence false",  # the hub's database is the memory, not the broker
        "log_dest stdout",
        "log_dest topic",  # the hub hears who connects, and ends strangers
        "log_type error",
        "log_type warning",
        "log_type notice",
        "allow_anonymous false",
        f"acl_file {folder / 'acl'}",
        "retain_available false",
        "set_tcp_nodelay true",
        f"max_packet_size {MAX_PACKET_BYTES}",
        f"max_inflight_messages {MAX_INFLIGHT_MESSAGES}",
        f"max_queued_messages {MAX_QUEUED_MESSAGES}",
        f"max_queued_bytes {MAX_QUEUED_BYTES}",
        f"max_keepalive {MAX_KEEPALIVE_S}",
        "persistent_client_expiration 1d",
        "sys_interval 10",
    ]
    for address in broker.addresses:
        lines += ["", *_listener(folder, broker.port, address)]
    return "\n".join([*lines, ""])


def _listener(folder: Path, port: int, address: str) -> list[str]:
    return [
        f"listener {port} {address}",
        f"max_connections {MAX_CONNECTIONS}",
        f"cafile {folder / 'ca.pem'}",
        f"certfile {folder / 'server.pem'}",
        f"keyfile {folder / 'server.key'}",
        f"crlfile {folder / 'crl.pem'}",
        "tls_version tlsv1.2",  # the lowest that is accepted
        f"ciphers {CIPHERS}",
        f"ciphers_tls1.3 {CIPHERS_1_3}",
        "require_certificate true",
        "use_identity_as_username true",
    ]


def find_mosquitto(*, which: Callable[..., str | None] = shutil.which) -> str:
    """Return the path of the program.

    Raises:
        ProvisioningError: it is not installed.
    """
    # Debian puts it where only root's search path looks.
    found = which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ProvisioningError("mosquitto, the MQTT broker, is not installed: apt-get install mosquitto")
    return found


def write_rules(broker: Broker, *, is_root: bool, denied: Sequence[str] = ()) -> None:
    """Write configuration and access list, readable by whoever mosquitto will be.

    Args:
        broker: Where it listens and where its files are.
        is_root: Whether root will start it; mosquitto then becomes an unprivileged user first,
            unless that user could not reach the folder (as below ``/root``).
        denied: Devices that were revoked.

    Raises:
        ProvisioningError: the folder cannot be written.
    """
    write_file(broker.folder / "acl", access_list(denied).encode())
    user = _user_to_become(broker.folder) if is_root else None
    write_file(broker.config_path, configuration(broker, user=user).encode())
    for name in ("acl", "mosquitto.conf", "server.key"):
        path = broker.folder / name
        path.chmod(0o600)
        if user == UNPRIVILEGED_USER:
            shutil.chown(path, user)


def _user_to_become(folder: Path) -> str:
    try:
        account = pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError:
        return "root"
    parents: Sequence[Path] = folder.resolve().parents
    return UNPRIVILEGED_USER if all(_may_enter(path, account) for path in parents) else "root"


def _may_enter(path: Path, account: pwd.struct_passwd) -> bool:
    status = path.stat()
    if status.st_uid == account.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.pw_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)

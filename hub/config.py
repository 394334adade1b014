"""``hub.toml`` read once into a frozen struct; secrets come from files it names.

Must not connect to anything.
"""

from pathlib import Path
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section, TomlError, read_toml
from hub.errors import ConfigError

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class BrokerSettings(Section, frozen=True):
    """The MQTT broker and who we are to it. Paths are relative to the file."""

    host: str = "127.0.0.1"
    port: Port = 8883
    ca: str = "ca.pem"
    certificate: str = "hub.pem"
    key: str = "hub.key"


class WebSettings(Section, frozen=True):
    """Where the screens are served."""

    host: str = "127.0.0.1"
    port: Port = 8080
    threads: Annotated[int, msgspec.Meta(ge=2, le=1000)] = 150
    # Behind TLS the session cookie is `__Host-` and Secure; a plain loopback port cannot set those.
    is_behind_tls: bool = False
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")


class MirrorSettings(Section, frozen=True):
    """An InfluxDB-compatible server that is fed from committed rows; empty url: none."""

    url: str = ""
    token_file: str | None = None
    org: str = "pontive"
    bucket: str = "pontive"


class ClipStore(Section, frozen=True):
    """Clips that were fetched from devices: all of them together, and how long each is known."""

    max_mib: Annotated[int, msgspec.Meta(ge=64, le=10_485_760)] = 20_480
    keep_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 30


class WorkplaceSettings(Section, frozen=True):
    """The codes that offices show for phones to scan.

    ``address`` is what they begin with and where the phone page answers, upper case; a longer host
    makes the code larger. ``radius_m`` is how far from its site somebody may be.
    """

    key: str = "hub-workplace.key"
    address: Annotated[str, msgspec.Meta(pattern=r"\AHTTPS?://[0-9A-Z.:-]{1,80}/S/\Z")] = (
        "HTTPS://HADIR.EXAMPLE.ID/S/"
    )
    radius_m: Annotated[float, msgspec.Meta(ge=20, le=5_000)] = 150


class HubConfig(Section, frozen=True):
    """Everything the hub is told by its file."""

    database: str = "sqlite:///hub.db"
    folder: str = "."
    secret_file: str = "web.secret"  # noqa: S105 (a file name)
    signing_key: str = "hub-signing.key"
    device_certificates: str = "devices"
    city: str = "Kota Pontianak"
    timezone: str = "Asia/Pontianak"
    broker: BrokerSettings = BrokerSettings()
    web: WebSettings = WebSettings()
    mirror: MirrorSettings = MirrorSettings()
    clips: ClipStore = ClipStore()
    workplace: WorkplaceSettings = WorkplaceSettings()


def load_config(path: Path) -> HubConfig:
    """Read and check a configuration file.

    Args:
        path: ``hub.toml``; relative paths in it are taken from its folder and come back absolute.

    Raises:
        ConfigError: the file is missing, is no TOML, or a key is unknown, missing or out of range.
    """
    try:
        config = read_toml(path, HubConfig)
    except TomlError as error:
        raise ConfigError(str(error)) from error
    return _with_absolute_paths(config, path.parent.resolve())


def _with_absolute_paths(config: HubConfig, folder: Path) -> HubConfig:
    def absolute(name: str) -> str:
        return str(folder / name)

    replace = msgspec.structs.replace
    database = config.database
    if database.startswith("sqlite:///") and not database.startswith("sqlite:////"):
        database = "sqlite:///" + absolute(database.removeprefix("sqlite:///"))
    return replace(
        config,
        database=database,
        folder=absolute(config.folder),
        secret_file=absolute(config.secret_file),
        signing_key=absolute(config.signing_key),
        device_certificates=absolute(config.device_certificates),
        workplace=replace(config.workplace, key=absolute(config.workplace.key)),
        broker=replace(
            config.broker,
            ca=absolute(config.broker.ca),
            certificate=absolute(config.broker.certificate),
            key=absolute(config.broker.key),
        ),
    )

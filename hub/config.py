"""``hub.toml`` read once into a frozen struct, secrets from files it names; must not connect to anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from edge.wire.strict_toml import Section, TomlError, read_toml
from hub.alarms.settings import AlarmSettings
from hub.enrolment.settings import EnrolmentSettings
from hub.errors import ConfigError
from hub.notify.settings import NotifySettings, with_absolute_secrets
from hub.places.fleet.reported import FleetReportSettings
from hub.updates.settings import UpdateSettings
from hub.upkeep import OperatingSettings, RetentionSettings
from hub.web.files.scanning import UploadSettings
from hub.web.guarding.networks import BoardSettings

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class BrokerSettings(Section, frozen=True):
    """The MQTT broker and who we are to it. Paths are relative to the file."""

    host: str = "127.0.0.1"
    port: Port = 8883
    ca: str = "ca.pem"
    certificate: str = "hub.pem"
    key: str = "hub.key"


class IngestSettings(Section, frozen=True):
    """How many processes take in what devices say, on all machines together; more than one needs PostgreSQL.

    The messages are divided among them by the broker (``$share``). ``pontive-hub ingest`` runs all of
    them here, ``pontive-hub ingest --worker N`` some of them.
    """

    workers: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1


class TlsFiles(Section, frozen=True):
    """Certificate (with its chain) and key (PKCS 8) of the screens, PEM; both empty: plain HTTP.

    With them the web process speaks HTTP/2, on which sixteen live cameras share one connection.
    """

    certificate: str = ""
    key: str = ""


class MediaSettings(Section, frozen=True):
    """A media server beside the hub, if there is one; empty ``whep``: none.

    ``whep`` is the address where it answers WHEP, with ``{device}`` and ``{camera}`` in it. The
    browser asks it first, and the hub's own video when that does not come about.
    """

    whep: Annotated[str, msgspec.Meta(pattern=r"\A(?:https?://[^\s;,'\"]+)?\Z", max_length=300)] = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the address; empty without one."""
        parts = urlsplit(self.whep)
        return f"{parts.scheme}://{parts.netloc}" if self.whep else ""


class WebSettings(Section, frozen=True):
    """Where the screens are served."""

    host: str = "127.0.0.1"
    port: Port = 8080
    threads: Annotated[int, msgspec.Meta(ge=2, le=1000)] = 150
    # Behind TLS the session cookie is `__Host-` and Secure; a plain loopback port cannot set those.
    is_behind_tls: bool = False
    tls: TlsFiles = TlsFiles()
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    # Reverse proxies between people and us, whose word on who asks (X-Forwarded-For) is taken. Too high,
    # and anybody may claim any address; too low, and all the city counts as one address.
    trusted_proxies: Annotated[int, msgspec.Meta(ge=0, le=4)] = 0
    # In /.well-known/security.txt, as "mailto:..." or an address; empty: the page for complaints.
    security_contact: Annotated[str, msgspec.Meta(pattern=r"\A(?:(?:mailto:|https://)[^\s]{3,200})?\Z")] = ""


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


class EventStore(Section, frozen=True):
    """Stills before and after what happened at cameras: how long they are kept, and of how many events.

    What happened is remembered longer than its pictures: for ``remember_days``, and as long as a finding
    shows it.
    """

    keep_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 30
    max_events: Annotated[int, msgspec.Meta(ge=100, le=1_000_000)] = 20_000
    remember_days: Annotated[int, msgspec.Meta(ge=31, le=3_660)] = 730


class FindingSettings(Section, frozen=True):
    """Findings; ``kinds`` is the city's own file of who acts on what, empty: the one that is shipped."""

    kinds: str = ""


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


class LetterSettings(Section, frozen=True):
    """What the seals of letters begin with, and where they are checked; upper case.

    ``former_addresses`` are those of letters that were issued before the hub moved: they stay good.
    """

    address: Annotated[str, msgspec.Meta(pattern=r"\AHTTPS?://[0-9A-Z.:-]{1,80}/V/\Z")] = (
        "HTTPS://PONTIVE.EXAMPLE.ID/V/"
    )
    former_addresses: tuple[
        Annotated[str, msgspec.Meta(pattern=r"\AHTTPS?://[0-9A-Z.:-]{1,80}/V/\Z")], ...
    ] = ()
    # Of certified signatures (BSrE); empty: there is none, and the seal alone vouches for letters.
    gateway: Annotated[str, msgspec.Meta(pattern=r"\A(?:https?://[^\s]{1,200})?\Z")] = ""
    gateway_user: str = "pontive"
    gateway_password_file: str = "gateway.password"  # noqa: S105 (a file name)


class SignInSettings(Section, frozen=True):
    """Signing in. ``second_factor``: who watches, signs or decides must have one, or may.

    ``key`` seals the secrets of the apps; whoever loses it resets every second step. ``breached`` is a
    file of stolen passwords besides the shipped ones, as the downloader of "Have I Been Pwned" writes it.
    """

    second_factor: Literal["required", "optional"] = "required"
    key: str = "hub-second-factor.key"
    breached: str = ""

    @property
    def is_second_factor_required(self) -> bool:
        """Whether roles that need one open nothing without it."""
        return self.second_factor == "required"


class MapSettings(Section, frozen=True):
    """What the map may use besides what it draws itself; empty: nothing, and no internet either.

    ``borders`` is a GeoJSON file of kelurahan; streets come from ``pmtiles``, a file of the hub's
    own, or else from ``tile_url``, an address with {z}, {x} and {y}.
    """

    borders: str = ""
    pmtiles: str = ""
    tile_url: Annotated[str, msgspec.Meta(max_length=300)] = ""


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
    ingest: IngestSettings = IngestSettings()
    web: WebSettings = WebSettings()
    mirror: MirrorSettings = MirrorSettings()
    clips: ClipStore = ClipStore()
    media: MediaSettings = MediaSettings()
    workplace: WorkplaceSettings = WorkplaceSettings()
    alarms: AlarmSettings = AlarmSettings()
    notify: NotifySettings = NotifySettings()
    events: EventStore = EventStore()
    findings: FindingSettings = FindingSettings()
    map: MapSettings = MapSettings()
    letters: LetterSettings = LetterSettings()
    sign_in: SignInSettings = SignInSettings()
    boards: BoardSettings = BoardSettings()
    uploads: UploadSettings = UploadSettings()
    enrolment: EnrolmentSettings = EnrolmentSettings()
    updates: UpdateSettings = UpdateSettings()
    fleet: FleetReportSettings = FleetReportSettings()
    operating: OperatingSettings = OperatingSettings()
    retention: RetentionSettings = RetentionSettings()


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
    if bool(config.web.tls.certificate) != bool(config.web.tls.key):
        raise ConfigError(f"{path}: web.tls needs both certificate and key, or neither")
    if config.ingest.workers > 1 and (remedy := _needs_a_server(config)):
        raise ConfigError(f"{path}: {remedy}")
    return _with_absolute_paths(config, path.parent.resolve())


def _needs_a_server(config: HubConfig) -> str | None:
    if not config.database.startswith("sqlite"):
        return None
    remedy = 'set ingest.workers = 1, or database = "postgresql://…"'
    return f"ingest.workers above 1 needs PostgreSQL, SQLite has one writer: {remedy}"


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
        letters=replace(config.letters, gateway_password_file=absolute(config.letters.gateway_password_file)),
        findings=replace(config.findings, kinds=config.findings.kinds and absolute(config.findings.kinds)),
        enrolment=replace(
            config.enrolment,
            folder=absolute(config.enrolment.folder),
            broker_files=absolute(config.enrolment.broker_files),
        ),
        fleet=replace(config.fleet, report=config.fleet.report and absolute(config.fleet.report)),
        operating=replace(
            config.operating,
            metrics_token_file=config.operating.metrics_token_file
            and absolute(config.operating.metrics_token_file),
        ),
        updates=replace(config.updates, folder=absolute(config.updates.folder)),
        sign_in=replace(
            config.sign_in,
            key=absolute(config.sign_in.key),
            breached=config.sign_in.breached and absolute(config.sign_in.breached),
        ),
        workplace=replace(config.workplace, key=absolute(config.workplace.key)),
        notify=with_absolute_secrets(config.notify, absolute),
        map=replace(
            config.map,
            borders=absolute(config.map.borders) if config.map.borders else "",
            pmtiles=absolute(config.map.pmtiles) if config.map.pmtiles else "",
        ),
        web=_with_tls(config.web, absolute),
        broker=replace(
            config.broker,
            ca=absolute(config.broker.ca),
            certificate=absolute(config.broker.certificate),
            key=absolute(config.broker.key),
        ),
    )


def _with_tls(web: WebSettings, absolute: Callable[[str], str]) -> WebSettings:
    if not web.tls.certificate:
        return web
    replace = msgspec.structs.replace
    files = TlsFiles(certificate=absolute(web.tls.certificate), key=absolute(web.tls.key))
    return replace(web, tls=files, is_behind_tls=True)

"""The hub's keys, the city's authority and the broker's certificate change while doors work: nothing is lost.

Real mosquitto, real ``pontive-hub ingest``; doors in this process with the real uplink, shelf and desk.
"""

import base64
import os
import random
import secrets
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from edge.config_file import load_config
from edge.identity import read_hub_keys, read_identity
from edge.running.startup import door_documents, identity_desk, unsealing
from edge.wire.desired import DesiredError, seal_for_device
from edge.wire.hadir.roster import DOCUMENT as ROSTER
from edge.wire.joining.renewal import DOCUMENT as IDENTITY
from edge.wire.messages import Desired, Online
from edge.wire.papers.trust import DOCUMENT as LETTERS
from edge.wire.records.bodies import Assurance, HadirScan, ScanMethod
from hub.cli import main
from hub.config import load_config as load_hub_config
from hub.enrolment.claiming.surroundings import issuing_authority
from hub.enrolment.issuing import key_rotation
from hub.enrolment.issuing.key_rotation import rotate
from hub.enrolment.issuing.register import register_known
from hub.errors import ConfigError, InputError
from hub.people.enrolment.people_file import KeyEntry, PeopleFile, PersonEntry, load_people
from hub.places.models import Door as CityDoor
from hub.signing import KeyFiles, KeyStep, public_pem
from hub.signing import read_hub_keys as hub_keys_at
from provisioning.broker_watch import BrokerWatch
from provisioning.trust.ca import CityAuthority
from provisioning.trust.enrol import ensure_certificate
from provisioning.trust.keyfiles import ensure_signing_key
from provisioning.trust.rotation import begin_rotation, finish_rotation
from tests.torture.rigs.device import Device
from tests.torture.rigs.oracle import Key, compared, in_hub
from tests.torture.rigs.small_city import City, wait_until

PATIENCE_S = 240.0
DOORS = ("pintu", "jauh")


class Door(Device):
    """A device with a door: it keeps what the hub sends and lets its scans flow."""

    def __init__(self, city: City, name: str) -> None:
        folder = city.folder / name
        if not folder.exists():
            shutil.copytree(city.mosquitto.identity(name), folder)
            shutil.copyfile(city.hub_folder / "hub-signing.pem", folder / "hub-signing.pem")
            (folder / "edge.toml").write_text(
                f'device = "{name}"\n[hub]\nhost = "127.0.0.1"\nport = {city.mosquitto.port}\n'
                f'[[doors]]\nid = "{name}"\nsource = "scene:door"\n'
            )
        self.config = load_config(folder / "edge.toml")
        self.refused_documents: list[str] = []
        super().__init__(
            name, link=self.config.hub, path=folder / "outbox.db", chance=random.Random(name), doors=(name,)
        )
        self.identity = read_identity(self.config.hub, device=name)
        self.documents = door_documents(self.config, self.identity)
        self.desk = identity_desk(
            self.config, self.identity, lambda _body: None, lambda: self.uplink.say(self._birth())
        )

    def heard(self, desired: Desired) -> None:
        try:
            if desired.document == IDENTITY:
                self.desk.desire(desired)
            elif desired.document in (ROSTER, LETTERS):
                self.documents.accept(desired)
            else:
                unsealing(self.config, self.identity)(desired)
        except DesiredError as error:
            self.refused_documents.append(str(error))

    def scan(self) -> None:
        now = datetime.now(UTC)
        self.accept(
            HadirScan(
                door=self.name,
                person=101,
                method=ScanMethod.PHONE,
                assurance=Assurance.STRONG,
                issued_at=now,
                token=secrets.token_hex(16),
                roster_version=self.documents.version,
            )
        )

    @property
    def trusts(self) -> tuple:
        return read_hub_keys(self.config.hub)

    def _birth(self) -> Online:
        return msgspec.structs.replace(
            super()._birth(), roster_version=self.documents.version, certificate=self.desk.serial
        )


class Town:
    """The city of the test: what its operator does, step by step."""

    def __init__(self, folder: Path) -> None:
        self.city = City(
            folder,
            edges=(),
            others=DOORS,
            hub_settings=f'[enrolment]\nfolder = "{folder / "ca"}"\nbroker_files = "{folder / "news"}"\n',
        )
        (folder / "news").mkdir()
        devices = self.city.hub_folder / "devices"
        devices.mkdir()
        for name in DOORS:
            shutil.copyfile(self.city.mosquitto.identity(name) / "device.pem", devices / f"{name}.pem")
        now = datetime.now(UTC)
        with self.city.database.writing() as db:
            for name in DOORS:
                db.add(CityDoor(id=name, device=name, name=name, direction="both", is_retired=False))
            trust = issuing_authority(load_hub_config(self.city.hub_folder / "hub.toml")).trust_digest
            register_known(db, devices, trust_digest=trust, now=now)
        self.authority = folder / "ca"
        self.signing = self.city.hub_folder / "hub-signing.key"
        self.watch = BrokerWatch(
            self.city.mosquitto.rules,
            folder / "news",
            is_root=os.geteuid() == 0,
            reload=self.city.mosquitto.read_rules_again,
        )
        self.doors = {name: Door(self.city, name) for name in DOORS}
        self.accepted: dict[Key, int] = {}
        self._turn = threading.Lock()
        self._over = threading.Event()
        self._flow = threading.Thread(target=self._scan_on)

    def start(self) -> None:
        self.city.start()
        for door in self.doors.values():
            door.start()
        self._flow.start()

    def stop(self) -> None:
        self._over.set()
        self._flow.join()
        for door in self.doors.values():
            door.stop()
        self.city.stop()

    def return_of(self, name: str) -> Door:
        """Let a door that was away come back after a restart; return it."""
        with self._turn:
            gone = self.doors[name]
            self.accepted |= gone.accepted
            gone.outbox.close()
            self.doors[name] = Door(self.city, name)
        self.doors[name].start()
        return self.doors[name]

    def end_of_scans(self) -> None:
        self._over.set()
        self._flow.join()

    def start_hub_again(self) -> None:
        self.city.hub.stop()
        self.city.hub.start()

    def employ(self, number: int) -> int:
        """Add somebody; return the version that rosters with them are newer than."""
        phone = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        key = KeyEntry(algorithm="ed25519", public_key=base64.b64encode(phone).decode(), slot=0)
        now = datetime.now(UTC)
        with self.city.database.writing() as db:
            load_people(
                db,
                PeopleFile(persons=(PersonEntry(number=number, short_name="P", opd=9, keys=(key,)),)),
                now,
            )
        return int(now.timestamp() * 1000)

    def until(self, is_true, what: str) -> None:
        def look() -> bool:
            # Debian's mosquitto (2.0.11) can crash when it reads its lists again while somebody connects.
            self.city.mosquitto.start_again_if_it_died()
            self.watch.tick()
            return bool(is_true())

        assert wait_until(look, seconds=PATIENCE_S), f"{what}\n{self.city.logs()}"

    def _scan_on(self) -> None:
        while not self._over.wait(0.2):
            with self._turn:
                for door in self.doors.values():
                    door.scan()


def tell(city: City, *arguments: str) -> Result:
    """Run a command of the hub in this process."""
    return CliRunner().invoke(main, [*arguments, "--config", str(city.hub_folder / "hub.toml")])


def does(city: City, *arguments: str) -> bool:
    """Return whether a command of the hub is done; refused, it changes nothing."""
    return tell(city, *arguments).exit_code == 0


def is_refused(port: int, trusted: Path, identity: Path) -> bool:
    """Return whether a broker lets nobody in with a certificate."""
    context = ssl.create_default_context(cafile=str(trusted))
    context.load_cert_chain(identity / "device.pem", identity / "device.key")
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=2) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            tls.recv(1)
    except TimeoutError:
        return False
    except (ssl.SSLError, ConnectionResetError) as error:
        return "unknown ca" in str(error).lower()
    return False


def renew(stem: Path, name: str, sign: Callable[[bytes], bytes], authority: CityAuthority) -> None:
    key, certificate = stem.with_suffix(".key"), stem.with_suffix(".pem")
    now = datetime.now(UTC)
    assert ensure_certificate(key, certificate, name, sign=sign, is_ours=authority.has_issued, now=now)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    tmp_path.chmod(0o755)  # mosquitto gives its rights up
    town = Town(tmp_path)
    town.start()
    yield town
    town.stop()


def test_keys_authority_and_broker_change_while_doors_work_and_nothing_is_lost(town: Town) -> None:
    city, near, far = town.city, town.doors["pintu"], town.doors["jauh"]
    first = town.employ(101)
    for door in (near, far):
        town.until(lambda door=door: door.documents.version > first, "the first roster")
    old_certificate = near.desk.serial
    old_key = load_pem_private_key(town.signing.read_bytes(), password=None)

    # One door is away when a new key is announced and a new authority is founded.
    far.uplink.stop(5.0)
    announced = tell(city, "keys", "rotate")
    assert "next key is announced" in announced.output, announced.output
    begin_rotation(town.authority, now=datetime.now(UTC))
    shutil.copyfile(town.authority / "ca.pem", city.mosquitto.rules.folder / "ca.pem")
    town.start_hub_again()
    town.until(lambda: len(near.trusts) == 2 and near.desk.serial != old_certificate, "the near door knows")
    second = town.employ(102)
    town.until(lambda: near.documents.version > second, "rosters go on while the key is announced")
    refused = tell(city, "keys", "rotate")
    assert refused.exit_code == 1
    assert "1 devices have not taken the last step: jauh" in refused.output
    assert "have not said yet that they know: jauh" in tell(city, "keys", "status").output
    assert len(far.trusts) == 1
    far = town.return_of("jauh")
    town.until(lambda: len(far.trusts) == 2 and far.documents.version > second, "who was away catches up")

    # Away again when the new key begins to sign; the broker and the hub show new certificates.
    far.uplink.stop(5.0)
    town.until(lambda: does(city, "keys", "rotate"), "the hub heard of all")
    authority = CityAuthority(town.authority, now=datetime.now(UTC))
    hosts, moment = ["localhost", "127.0.0.1"], datetime.now(UTC)
    server, own = city.mosquitto.rules.folder / "server", city.mosquitto.identity("hub") / "device"
    renew(server, hosts[0], lambda csr: authority.sign_server(csr, hosts, now=moment), authority)
    renew(own, "hub", lambda csr: authority.sign_hub(csr, now=moment), authority)
    shutil.copyfile(town.authority / "ca.pem", city.mosquitto.identity("hub") / "ca.pem")
    town.start_hub_again()
    new_key = load_pem_private_key(town.signing.read_bytes(), password=None).public_key()
    third = town.employ(103)
    town.until(lambda: near.documents.version > third, "rosters go on with the new key")
    far = town.return_of("jauh")
    town.until(lambda: far.documents.version > third, "who was away takes what the new key signed")

    # The old key and the old authority end.
    town.until(lambda: does(city, "keys", "rotate"), "the hub heard of all")
    finish_rotation(town.authority)
    shutil.copyfile(town.authority / "ca.pem", city.mosquitto.rules.folder / "ca.pem")
    town.start_hub_again()
    for door in (near, far):
        town.until(lambda door=door: door.trusts == (new_key,), "the old key is forgotten")
        kept = door_documents(door.config, door.identity)
        assert kept.version == door.documents.version > third, "what lies on the disk is good by the new key"
        forged = seal_for_device(
            "roster",
            kept.version + 1,
            b"x",
            device=door.name,
            device_key=door.identity.key.public_key(),
            signing_key=old_key,
        )
        with pytest.raises(DesiredError, match="not signed by the hub"):
            door.documents.accept(forged)
        assert door.refused_documents == [], "no document was ever signed by a key that a door did not know"
    old = city.mosquitto.identity("pintu")
    town.until(
        lambda: is_refused(city.mosquitto.port, town.authority / "ca.pem", old), "the old authority ends"
    )

    town.end_of_scans()
    accepted = town.accepted | near.accepted | far.accepted
    town.until(lambda: accepted.keys() <= in_hub(city.database, DOORS).keys(), "all scans arrive")
    line = compared(accepted, in_hub(city.database, DOORS))
    assert (line["lost"], line["wrong"], city.dead_letters()) == (0, 0, 0), line


@pytest.mark.parametrize("cut", range(1, 5))
def test_a_step_that_was_cut_short_is_done_again(tmp_path: Path, monkeypatch, cut: int) -> None:
    path, left = tmp_path / "hub-signing.key", [cut]
    ensure_signing_key(path, path.with_suffix(".pem"))
    before = hub_keys_at(path)
    assert rotate(path, new_key=Ed25519PrivateKey.generate()) is KeyStep.ANNOUNCED
    announced = hub_keys_at(path)
    assert announced.next is not None

    def cutting(write):
        def write_until_cut(*arguments):
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
            return write(*arguments)

        return write_until_cut

    for name in ("replace_file", "_write_private"):
        monkeypatch.setattr(key_rotation, name, cutting(getattr(key_rotation, name)))
    with pytest.raises(KeyboardInterrupt):
        rotate(path, new_key=Ed25519PrivateKey.generate())
    monkeypatch.undo()
    if hub_keys_at(path).step is KeyStep.ANNOUNCED:
        assert rotate(path, new_key=Ed25519PrivateKey.generate()) is KeyStep.SWITCHED
    switched = hub_keys_at(path)
    assert switched.signing.public_key() == announced.next.public_key()
    assert switched.previous == before.signing.public_key()
    assert [number for number, _key in switched.badge_keys] == [1, 2]
    assert switched.badge_keys[:1] == before.badge_keys, "badges of before stay good"
    ensure_signing_key(path, path.with_suffix(".pem"))
    assert rotate(path, new_key=Ed25519PrivateKey.generate()) is KeyStep.NONE
    done = hub_keys_at(path)
    assert (done.step, done.badge_number) == (KeyStep.NONE, 2)
    assert KeyFiles(path).trusted.read_bytes() == public_pem([done.signing.public_key()])
    assert path.stat().st_mode & 0o077 == 0


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hub-signing.key"
    ensure_signing_key(path, path.with_suffix(".pem"))
    files = KeyFiles(path)
    ever = [Ed25519PrivateKey.generate().public_key() for _ in range(254)]
    files.former.write_bytes(public_pem(ever))
    with pytest.raises(InputError, match="255 keys"):
        rotate(path, new_key=Ed25519PrivateKey.generate())
    files.former.write_bytes(b"garbled")
    with pytest.raises(ConfigError, match=r"hub-signing\.former\.pem"):
        hub_keys_at(path)

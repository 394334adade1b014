"""A small real city in which marked values go in by the doors that people use, and what it left behind.

Marked are: a citizen's NIK, an employee's NIP, passwords right and wrong, a password typed where the
name goes, the secret of a second step, the password of a camera; and, as what may lie in the hub's
database, a citizen's name and e-mail.
"""

import base64
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as paho
import psutil
import requests
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import select

from hub.notify.models import OutboxMessage
from hub.people.permissions import Role
from hub.people.second_factor import totp
from hub.people.service import add_account
from tests.hub.cases.asking.citizen import LETTER, SHOP, SITI, papers
from tests.mosquitto import free_port
from tests.torture.rigs.small_city import City, wait_until

EDGE = "mata"
NIK, NIP = "6171014108900047", "198503152010012024"
FIRST_WRONG, IN_NAME, CHOSEN = "salah-ketik-rahasia-1", "sandi-di-kolom-nama", "perahu hijau di Kapuas 77"
CAMERA_PASSWORD = "KameraRahasia9!"
NAME, EMAIL = "Siti Aminah", "siti@contoh.id"
# What may stand in the clear nowhere at all, but where it is written by hand: the device's own settings.
SECRETS = (NIK, NIP, FIRST_WRONG, IN_NAME, CHOSEN, CAMERA_PASSWORD)
# What the hub's own database may hold, and nothing else may: a letter must name who asked for it.
PERSONAL = (NAME, EMAIL)


@dataclass
class Left:
    """What a city left behind, and what it showed while it ran."""

    folder: Path
    hub_folder: Path
    secrets: list[str]
    mqtt: list[bytes] = field(default_factory=list)
    command_lines: list[str] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)

    def logs(self) -> dict[str, bytes]:
        """Everything that was said."""
        return {path.name: path.read_bytes() for path in self.folder.glob("*.log")}

    def edge_disk(self) -> dict[str, bytes]:
        """Every file of the device but its settings, which its technician wrote."""
        return _files(self.folder / EDGE, but={"edge.toml"})

    def hub_disk(self) -> dict[str, bytes]:
        """Every file of the hub, database included."""
        return _files(self.hub_folder)


def spellings(value: str) -> list[bytes]:
    """Return how a value may be written down: as it is, hex, Base64 wherever it begins, in UTF-16."""
    raw = value.encode()
    found = [raw, raw.hex().encode(), value.encode("utf-16-le"), re.sub(r"\s", "+", value).encode()]
    for ahead in range(3):
        coded = base64.b64encode(b"\0" * ahead + raw)
        # Letters that its neighbours share are left out.
        found.append(coded[(4 if ahead else 0) : len(coded) // 4 * 4 - 4])
    return [one for one in found if len(one) >= 8]


def finds(value: str, texts: dict[str, bytes]) -> list[str]:
    """Return the names of the texts that hold a value, however it is spelt."""
    return [name for name, text in texts.items() if any(one in text for one in spellings(value))]


@contextmanager
def marked_city(folder: Path) -> Iterator[Left]:
    """Run the city, bring the marked values in, stop it; give what it left."""
    city = City(folder, edges=(EDGE,), producing=_what_it_sees())
    port = free_port()
    with (city.hub_folder / "hub.toml").open("a") as file:
        file.write(f'[web]\nport = {port}\n[sign_in]\nsecond_factor = "required"\n')
    with (folder / "broker" / "acl").open("a") as file:
        file.write("\nuser pengintip\ntopic read #\n")
    left = Left(folder, city.hub_folder, list(SECRETS))
    city.start()
    spy, web = _listen(city, left), city.web()
    web.start()
    try:
        city.wait_until_it_lives()
        address = f"http://127.0.0.1:{port}"
        assert wait_until(lambda: _answers(address), seconds=60), city.logs()
        _citizen(address)
        _employees(city)
        left.secrets += _officer(city, address)
        assert wait_until(lambda: city.edges[EDGE].said("utara"), seconds=60), "the camera was tried"
        _look_at_processes(left)
        yield left
    finally:
        spy.disconnect()
        spy.loop_stop()
        web.stop()
        city.stop()


def _what_it_sees() -> str:
    camera = f"rtsp://admin:{CAMERA_PASSWORD}@127.0.0.1:{free_port()}/1"
    return (
        'health_every_s = 1\n[camera_network]\nallowed = ["127.0.0.1"]\n'
        f'[[cameras]]\nid = "utara"\nsource = "{camera}"\n'
        '[[sensors]]\nid = "s1"\nsource = "simulated:number?seed=1"\nquantity = "number"\nevery_s = 0.5\n'
    )


def _listen(city: City, left: Left) -> paho.Client:
    identity = city.mosquitto.identity("pengintip")
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="pengintip", protocol=paho.MQTTv5)
    context = ssl.create_default_context(cafile=str(identity / "ca.pem"))
    context.load_cert_chain(identity / "device.pem", identity / "device.key")
    client.tls_set_context(context)
    client.on_connect = lambda one, *_rest: one.subscribe("#")
    client.on_message = lambda _client, _data, message: left.mqtt.append(
        message.topic.encode() + b" " + message.payload
    )
    client.connect("localhost", city.mosquitto.port)
    client.loop_start()
    return client


def _answers(address: str) -> bool:
    try:
        return requests.get(address + "/masuk", timeout=120).ok
    except requests.RequestException:
        return False


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, f"no {name} in {text[-500:]}"
    return found.group(1)


def _citizen(address: str) -> None:
    """Ask for a letter, as a stranger with a phone does."""
    browser = requests.Session()
    page = browser.get(address + LETTER, timeout=120).text
    tokens = {name: _hidden(page, name) for name in ("csrf_token", "sekali")}
    files = {name: (what[1], what[0]) for name, what in papers().items()}
    answer = browser.post(address + LETTER, data={**tokens, **SITI, **SHOP}, files=files, timeout=60)
    assert "/tanda-terima/" in answer.url, answer.text[-2000:]


def _employees(city: City) -> None:
    table = city.folder / "pegawai.csv"
    table.write_text(f"nomor;nama;nip;opd;nama_opd;mulai\n101;Budi S.;{NIP};1;Kominfo;2026-01-05\n")
    city.tell_hub("people", "import", str(table))
    table.unlink()


def _officer(city: City, address: str) -> list[str]:
    """Sign in wrongly and rightly, choose a password, set the second step up; return more secrets."""
    with city.database.writing() as db:
        now = datetime.now(UTC)
        first = add_account(
            db, name="wati", display_name="Wati", roles=(Role.OPERATOR,), now=now, actor="t"
        ).password
    _send(requests.Session(), address, "/masuk", name="wati", password=FIRST_WRONG)
    _send(requests.Session(), address, "/masuk", name=IN_NAME, password="x")
    browser = requests.Session()
    _send(browser, address, "/masuk", name="wati", password=first)
    _send(browser, address, "/sandi", current=first, password=CHOSEN, again=CHOSEN)
    _send(browser, address, "/dua-langkah/mulai", page="/dua-langkah")
    secret = _hidden_secret(browser.get(address + "/dua-langkah", timeout=120).text)
    code = totp.code_of(base64.b32decode(secret), totp.step_of(datetime.now(UTC)))
    done = _send(browser, address, "/dua-langkah/pasang", page="/dua-langkah", sandi=CHOSEN, kode=code)
    codes = re.findall(r"<li>(\d-[a-z2-9]{5}-[a-z2-9]{5})</li>", done)
    assert len(codes) == 10
    assert browser.get(address + "/alarm", timeout=120).ok
    with city.database.reading() as db:
        assert db.scalars(select(OutboxMessage.id)).first() is not None, "somebody was written to"
    plain = [code.replace("-", "") for code in codes]
    return [first, secret, *codes, *plain, *browser.cookies.values()]


def _hidden_secret(page: str) -> str:
    found = re.search(r"secret=([A-Z2-7]+)", page)
    assert found is not None
    return found.group(1)


def _send(browser: requests.Session, address: str, path: str, *, page: str = "", **fields: str) -> str:
    token = _hidden(browser.get(address + (page or path), timeout=30).text, "csrf_token")
    return browser.post(address + path, data={"csrf_token": token, **fields}, timeout=60).text


def _look_at_processes(left: Left) -> None:
    """Note command lines and environments of everything that belongs to the city."""
    ours = str(left.folder)
    roots = [one for one in psutil.process_iter() if ours in " ".join(_line_of(one))]
    for process in {*roots, *(child for one in roots for child in one.children(recursive=True))}:
        left.command_lines.append(" ".join(_line_of(process)))
        try:
            left.environments.append(str(process.environ()))
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def _line_of(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return []


def _files(folder: Path, but: frozenset[str] | set[str] = frozenset()) -> dict[str, bytes]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in but:
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found

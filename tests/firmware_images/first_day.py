"""What a city does on the first day of its hub, on a machine that is really started, in the units' sandboxes.

A device joins by its claim and shows a street, letters are drawn and sealed, citizens complain with
photos; then the hub grows out of SQLite, into PostgreSQL and three workers, and its server dies once.
"""

import json
import re
from pathlib import Path

from tests.firmware_images import chroot
from tests.firmware_images.booted import Booted

HERE = Path(__file__).parent
PYTHON, BIN = "/opt/pontive/bin/python3", "/opt/pontive/bin"
CONFIG = ("--config", "/etc/pontive/hub.toml")
HEALTH = """
import ssl, urllib.request
context = ssl.create_default_context(cafile="/var/lib/pontive/ca/ca.pem")
try:
    print(urllib.request.urlopen("https://127.0.0.1/healthz", context=context, timeout=60).status)
except OSError as error:
    print(error)
"""
LETTER = """
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile="/var/lib/pontive/ca/ca.pem")
path = sys.argv[1].removeprefix("HTTPS://HUB.EXAMPLE.ID")
page = urllib.request.urlopen("https://127.0.0.1" + path, context=context, timeout=60).read().decode()
print("genuine" if "Asli" in page else page)
"""
SEAL = """
import sqlite3
letters = sqlite3.connect("/var/lib/pontive/hub.db").execute("SELECT seal FROM letter_document")
print(letters.fetchone()[0])
"""


class FirstDay:
    """The steps, in their order."""

    def __init__(self, root: Path, machine: Booted) -> None:
        self._root, self._machine = root, machine

    def live(self) -> None:
        """Live it."""
        self._show_a_street()
        self._draw_letters()
        self._complain(1)
        self._grow()
        self._complain(2)
        self._survive_the_server()

    def _hub(self, *words: str) -> str:
        return self._machine.run("runuser", "-u", "pontive-hub", "--", f"{BIN}/pontive-hub", *words, *CONFIG)

    def _show_a_street(self) -> None:
        folder = self._root / "srv/edge"
        folder.mkdir(parents=True)
        chroot.put_script(self._root, HERE / "street.py")
        with (self._root / "etc/hosts").open("a") as hosts:
            hosts.write("127.0.0.1 hub.example.id\n")
        inventory, settings = "/srv/inventory.json", "/srv/edge/edge.toml"
        assert self._machine.run(PYTHON, "/srv/street.py", inventory, settings) == ""
        assert "3 added" in self._hub("places", "load", inventory)
        code = json.loads(self._hub("enrolment", "claim", "--device", "pi-jalan", "--json"))["code"]
        words = ("enrol", "--config", settings, "--hub", "https://hub.example.id", "--code", code)
        assert "enrolled" in self._machine.run(f"{BIN}/pontive-edge", *words)
        agent = ("systemd-run", "--unit=agent", f"{BIN}/pontive-edge", "run", "--config", settings)
        self._machine.run(*agent)
        self._wait_for_the_street()
        assert list((self._root / "var/lib/pontive/stills/pi-jalan").glob("jalan.jpg"))

    def _wait_for_the_street(self) -> None:
        said = f"runuser -u pontive-hub -- {BIN}/pontive-hub status {' '.join(CONFIG)}"
        self._machine.wait_for("online  pi-jalan/jalan", "sh", "-c", f"{said} | grep pi-jalan/jalan")

    def _wait_for_new_records(self) -> None:
        """What is kept may be of before; that more comes in is of now."""
        status = f"runuser -u pontive-hub -- {BIN}/pontive-hub status {' '.join(CONFIG)}"
        kept = f"{status} | sed -n 's/ records, .*//p'"
        before = int(self._machine.run("sh", "-c", kept))
        self._machine.wait_for("more", "sh", "-c", f"test $({kept}) -gt {before} && echo more")

    def _draw_letters(self) -> None:
        """Like the screens do it: with their user, files and system calls."""
        unit = (self._root / "etc/systemd/system/pontive-web.service").read_text()
        words = " ".join((f"{BIN}/pontive-hub", "cases", "examples", *CONFIG))
        unit = re.sub(r"(?m)^ExecStart=.*$", f"ExecStart={words}", unit)
        unit = re.sub(r"(?m)^Restart.*\n", "", unit).replace("Type=simple", "Type=oneshot")
        (self._root / "etc/systemd/system/uji-surat.service").write_text(unit)
        self._machine.run("systemctl", "daemon-reload")
        started = self._machine.run("systemctl", "start", "uji-surat")
        assert started == "", self._machine.run("journalctl", "-u", "uji-surat")
        assert list((self._root / "var/lib/pontive/letters").rglob("*.pdf"))
        seal = self._machine.run(PYTHON, "-c", SEAL)
        assert self._machine.run(PYTHON, "-c", LETTER, seal) == "genuine"

    def _complain(self, times: int) -> None:
        chroot.put_script(self._root, HERE / "citizen.py")
        said = self._machine.run(PYTHON, "/srv/citizen.py", "/var/lib/pontive/ca/ca.pem")
        assert said == "filed", self._machine.run("journalctl", "-u", "pontive-web", "-n", "30")
        assert len(list((self._root / "var/lib/pontive/case-files").rglob("*.jpg"))) == times

    def _grow(self) -> None:
        """As docs/scaling.md says it."""
        run = self._machine.run
        self._machine.wait_for("active", "systemctl", "is-active", "postgresql@15-main")
        assert run("runuser", "-u", "postgres", "--", "createuser", "pontive-hub") == ""
        words = ("createdb", "--owner=pontive-hub", "--template=template0", "--encoding=UTF8", "pontive")
        assert run("runuser", "-u", "postgres", "--", *words) == ""
        settings = self._root / "etc/pontive/hub.toml"
        text = re.sub(r"(?m)^database = .*$", 'database = "postgresql:///pontive"', settings.read_text())
        grown = settings.with_name("hub.toml.new")
        grown.write_text(f"{text}\n[ingest]\nworkers = 3\n")
        run("chown", "root:pontive-hub", "/etc/pontive/hub.toml.new")
        refused = self._hub("move-database", "--to", "/etc/pontive/hub.toml.new")
        assert "in use; stop the hub first" in refused
        assert run("systemctl", "stop", "pontive-ingest", "pontive-web") == ""
        moved = self._hub("move-database", "--to", "/etc/pontive/hub.toml.new")
        assert "are there and compared" in moved, moved
        grown.replace(settings)
        assert run("systemctl", "start", "pontive-ingest", "pontive-web") == ""
        self._machine.wait_for("200", "python3", "-c", HEALTH)
        self._wait_for_new_records()
        assert run("systemctl", "start", "pontive-backup") == ""
        # A drill needs a right that the move does not, and says whose.
        run("systemctl", "start", "pontive-drill")
        remedy = re.search(r"ALTER ROLE \S+ CREATEDB", run("journalctl", "-u", "pontive-drill"))
        assert remedy, run("journalctl", "-u", "pontive-drill")
        run("runuser", "-u", "postgres", "--", "psql", "-c", remedy[0])
        assert run("systemctl", "start", "pontive-drill") == "", run("journalctl", "-u", "pontive-drill")

    def _survive_the_server(self) -> None:
        run = self._machine.run
        run("systemctl", "kill", "--signal=KILL", "postgresql@15-main")
        self._machine.wait_for("failed", "systemctl", "is-active", "postgresql@15-main")
        assert run("systemctl", "start", "postgresql@15-main") == ""
        self._machine.wait_for("200", "python3", "-c", HEALTH)
        self._wait_for_new_records()
        self._complain(3)

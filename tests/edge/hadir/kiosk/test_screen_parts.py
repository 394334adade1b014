"""Parts of a door's screen: pictures, the drawn code, the shelf with the key, the desk."""

import base64
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.clock import SettableClock
from edge.config import DoorSettings
from edge.documents.keeping import KeptDocument
from edge.hadir import messages
from edge.hadir.kiosk.desk import KioskDesk
from edge.hadir.kiosk.drawing import draw
from edge.hadir.kiosk.picture import Notice, Picture, initials_of, notice_of
from edge.hadir.kiosk.screens import Screens
from edge.hadir.messages import Message
from edge.hadir.reading.passes import FIRST, look
from edge.supervision.happenings import WorkerState
from edge.supervision.messages import DoorScreen, Told
from edge.supervision.worker_process import WorkerKind
from edge.wire.desired import DesiredError, open_desired, seal_for_device
from edge.wire.hadir.workplace import (
    DOCUMENT,
    WorkplaceCodeError,
    WorkplaceDocument,
    decode_workplace,
    device_key_of,
    encode_workplace,
    read_workplace_code,
)
from edge.wire.messages import Desired
from edge.wire.records.bodies import ClockQuality

ADDRESS = "HTTPS://HADIR.PONTIANAK.GO.ID/S/"
KEY = device_key_of(bytes(32), "pi-1")
HUB, DEVICE = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
MORNING = datetime(2026, 11, 23, 0, 14, tzinfo=UTC)


def told(message: Message) -> Told:
    return Told(message.code, message.text, message.name, message.action, message.note)


def sealed(version: int = 1, *, inside: int | None = None, plain: bytes | None = None) -> Desired:
    document = WorkplaceDocument(
        version=version if inside is None else inside,
        key=base64.b64encode(KEY).decode(),
        site=3,
        address=ADDRESS,
    )
    return seal_for_device(
        DOCUMENT,
        version,
        encode_workplace(document) if plain is None else plain,
        device="pi-1",
        device_key=DEVICE.public_key(),
        signing_key=HUB,
    )


def unseal(desired: Desired) -> bytes:
    return open_desired(desired, device="pi-1", device_key=DEVICE, hub_keys=[HUB.public_key()])


def shelf_at(path: Path) -> KeptDocument[WorkplaceDocument]:
    return KeptDocument(path=path, unseal=unseal, decode=decode_workplace)


def version_of(shelf: KeptDocument[WorkplaceDocument]) -> int:
    return 0 if shelf.document is None else shelf.document.version


# --- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Budi S.", "BS"), ("Sri", "S"), ("dr. Ahmad R.", "DA"), ("", ""), ("...", ""), ("Éva Ö.", "ÉÖ")],
)
def test_initials_are_of_two_words_at_most(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_a_greeting_is_short_and_large_and_a_refusal_stays_to_be_read() -> None:
    greeting = notice_of(told(messages.arrived("Budi S.", MORNING, 0)), 1)
    assert (greeting.tone, greeting.name, greeting.initials) == ("good", "Budi S.", "BS")
    assert (greeting.action, greeting.note, greeting.lasts_s) == ("MASUK 07.14", "tepat waktu", 1.2)
    refusal = notice_of(told(messages.expired(40)), 2)
    assert (refusal.tone, refusal.action, refusal.lasts_s) == ("no", "", 5.0)


@pytest.mark.parametrize(
    ("message", "tone"),
    [
        (messages.left("Budi", MORNING), "good"),
        (messages.already_recorded(MORNING), "known"),
        (messages.ask_pin(), "ask"),
        (messages.challenge("123"), "ask"),
        (messages.hint(True), "hint"),
        (messages.not_genuine(), "no"),
    ],
)
def test_each_kind_of_message_has_a_tone_of_its_own(message: Message, tone: str) -> None:
    assert notice_of(told(message), 1).tone == tone


def test_the_parts_of_a_greeting_are_in_its_text() -> None:
    for message in (
        messages.arrived("Budi S.", MORNING, 12),
        messages.left("Budi S.", MORNING),
        messages.recorded_without_time("Budi S."),
    ):
        assert all(part in message.text for part in (message.name, message.action, message.note))


def test_a_name_is_not_in_what_is_logged_of_a_message() -> None:
    assert "Budi" not in repr(told(messages.arrived("Budi S.", MORNING, 0)))


# --- the code ------------------------------------------------------------------------------------


def rendered(path: str, size: int, module_px: int = 5) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Fill the outline as a browser would."""
    modules = np.full((size, size), 255, np.uint8)
    for stroke in path.removeprefix("M").split("M"):
        left, rest = stroke.split(" ", 1)
        row, rest = rest.split("h")
        width = rest.split("v")[0]
        modules[int(row), int(left) : int(left) + int(width)] = 0
    return np.kron(modules, np.ones((module_px, module_px), np.uint8))


def test_the_outline_of_a_code_is_read_by_the_real_decoder() -> None:
    text = ADDRESS + "A" * 26
    drawn = draw(text)
    assert drawn.size == 29 + 8
    assert look(FIRST, rendered(drawn.path, drawn.size)).texts == (text,)


# --- the shelf -----------------------------------------------------------------------------------


def test_the_key_is_kept_sealed_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "workplace.sealed"
    shelf = shelf_at(path)
    assert version_of(shelf) == 0
    shelf.accept(sealed(5))
    assert base64.b64encode(KEY) not in path.read_bytes()
    again = shelf_at(path)
    assert again.document == shelf.document
    assert version_of(again) == 5


@pytest.mark.parametrize(
    ("desired", "error"),
    [
        (sealed(3), DesiredError),
        (sealed(9, inside=8), DesiredError),
        (sealed(9, plain=b"{}"), WorkplaceCodeError),
        (Desired(document=DOCUMENT, version=9, sealed="AAAA", signature="AAAA"), DesiredError),
    ],
    ids=["older", "another version inside", "no document", "not signed"],
)
def test_a_document_that_is_not_right_changes_nothing(
    tmp_path: Path, desired: Desired, error: type[Exception]
) -> None:
    shelf = shelf_at(tmp_path / "workplace.sealed")
    shelf.accept(sealed(5))
    with pytest.raises(error):
        shelf.accept(desired)
    assert version_of(shelf) == 5


def test_the_hub_may_repeat_itself(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path / "workplace.sealed")
    shelf.accept(sealed(5))
    shelf.accept(sealed(5))
    assert version_of(shelf) == 5


def test_a_damaged_or_unwritable_file_is_said_and_lived_with(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "workplace.sealed"
    path.write_bytes(b"rubbish")
    assert shelf_at(path).document is None
    assert "cannot be used" in caplog.text
    shelf = shelf_at(tmp_path / "nowhere" / "workplace.sealed")
    shelf.accept(sealed())
    assert version_of(shelf) == 1
    assert "cannot be kept" in caplog.text


# --- the desk ------------------------------------------------------------------------------------


class Agent:
    """Stands for the agent around the desk."""

    def __init__(self, folder: Path, *, witness: bool = False) -> None:
        self.clock = SettableClock(MORNING, mono_ns=10**12)
        self.waiting: int | None = None
        self.beat_age_s: float | None = 0.1
        self.screens = Screens(["pintu"])
        self.desk = KioskDesk(
            doors=(DoorSettings(id="pintu", source="test", witness=witness),),
            screens=self.screens,
            shelf=shelf_at(folder / "workplace.sealed"),
            clock=self.clock,
            waiting=lambda: self.waiting,
            workers=lambda: (
                WorkerState("pintu", WorkerKind.DOOR, True, 1, self.beat_age_s, 0, ""),
            ),
        )  # fmt: skip

    @property
    def picture(self) -> Picture:
        return self.screens.newest("pintu")

    @property
    def notice(self) -> Notice:
        assert self.picture.notice is not None
        return self.picture.notice


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path)


def test_a_message_is_shown_at_once_and_gone_after_a_while(agent: Agent) -> None:
    agent.desk.hear("pintu", told(messages.arrived("Budi S.", MORNING, 0)))
    assert agent.notice.name == "Budi S."
    first = agent.notice.number
    agent.desk.hear("pintu", told(messages.arrived("Budi S.", MORNING, 0)))
    assert agent.notice.number > first
    agent.clock.advance(5)
    agent.desk.turn()
    assert agent.picture.notice is not None
    agent.clock.advance(2)
    agent.desk.turn()
    assert agent.picture.notice is None


def test_what_the_door_says_of_itself_is_shown(agent: Agent) -> None:
    agent.waiting = 12
    agent.desk.hear("pintu", DoorScreen("123", ("Jam perangkat diperkirakan",), True, False))
    picture = agent.picture
    assert picture.challenge == "123"
    assert picture.is_asking_pin
    assert not picture.is_clock_known
    assert picture.footers == (
        "Luring — data tersimpan, dikirim saat tersambung (12 antre)",
        "Jam perangkat diperkirakan",
    )


def test_without_the_camera_only_the_code_is_left(agent: Agent) -> None:
    agent.desk.desire(sealed())
    agent.desk.hear("pintu", DoorScreen("123", (), True))
    assert agent.picture.is_attended
    agent.beat_age_s = None
    agent.desk.turn()
    assert (agent.picture.is_attended, agent.picture.is_asking_pin, agent.picture.challenge) == (
        False, False, "",
    )  # fmt: skip
    assert agent.picture.code is not None


def test_the_code_changes_with_each_step_and_is_genuine(agent: Agent) -> None:
    agent.desk.desire(sealed())
    agent.desk.turn()
    codes: list[str] = []
    for _ in range(3):
        drawn = agent.picture.code
        assert drawn is not None
        (text,) = look(FIRST, rendered(drawn.path, drawn.size)).texts
        code = read_workplace_code(text, address=ADDRESS)
        assert code.is_made_with(KEY)
        assert code.is_fresh(int(agent.clock.now().at.timestamp()))
        codes.append(text)
        agent.clock.advance(20)
        agent.desk.turn()
    assert len(set(codes)) == 3


def test_without_a_key_there_is_no_code(agent: Agent) -> None:
    agent.desk.turn()
    assert agent.picture.code is None


def test_without_a_clock_no_code_is_shown(agent: Agent) -> None:
    agent.desk.desire(sealed())
    agent.desk.turn()
    agent.clock.set(MORNING, ClockQuality.UNKNOWN)
    agent.desk.turn()
    assert agent.picture.code is None
    assert not agent.picture.is_clock_known


def test_a_document_that_is_not_used_is_named(agent: Agent, caplog: pytest.LogCaptureFixture) -> None:
    agent.desk.desire(sealed(2, inside=1))
    assert "is not used" in caplog.text
    agent.desk.turn()
    assert agent.picture.code is None


def test_other_doors_have_no_screen_here(agent: Agent) -> None:
    agent.desk.hear("another", told(messages.foreign()))
    assert agent.picture.notice is None


def test_no_name_is_logged(agent: Agent, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    agent.desk.hear("pintu", told(messages.arrived("Budi S.", MORNING, 0)))
    agent.desk.turn()
    assert "Budi" not in caplog.text


def test_the_guards_button_is_there_only_when_it_is_set(tmp_path: Path) -> None:
    for witness in (False, True):
        agent = Agent(tmp_path, witness=witness)
        agent.desk.turn()
        assert agent.picture.has_witness is witness


# --- what threads share --------------------------------------------------------------------------


def in_thread(act: Callable[[], object]) -> list[object]:
    """Run something in a thread and return its result, once it has one, in a list."""
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(act()))
    thread.start()
    thread.join(timeout=240)
    assert not thread.is_alive()
    return results


def test_a_page_that_waits_gets_the_newest_picture_and_no_page_waits_for_ever() -> None:
    screens = Screens(["pintu"])
    picture = Picture(door="pintu", challenge="123")
    screens.put(picture)
    screens.put(picture)
    assert in_thread(lambda: screens.wait("pintu", 1, 60)) == [(2, picture)]
    assert in_thread(lambda: screens.wait("pintu", 2, 0.01)) == [(2, picture)]
    screens.close()
    assert in_thread(lambda: screens.wait("pintu", 2, 60)) == [None]
    with pytest.raises(KeyError):
        screens.newest("another")


def test_an_agent_without_screens_loads_no_library_of_pictures() -> None:
    loaded = "import sys, edge.running.agent; print({'numpy', 'zxingcpp', 'cv2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

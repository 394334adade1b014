"""What a door's screen shows at a moment, ready to be sent to its page. Pure.

A refusal stays readable for a while, a greeting only until the next person may come.
"""

import re

import msgspec

from edge.supervision.messages import Told

_GREETING_S = 1.2
# Long enough to read what to do; the next message replaces it anyway.
_REFUSAL_S = 5.0
_TONES = {"H00": "good", "H01": "known", "E08": "ask", "E09": "ask", "T12": "hint", "S14": "good"}
_WORD = re.compile(r"\w")


class Notice(msgspec.Struct, frozen=True):
    """A message as the page draws it; ``tone`` chooses colour and symbol, which always go together."""

    number: int
    code: str
    tone: str
    text: str
    name: str
    initials: str
    action: str
    note: str
    lasts_s: float


class QrCode(msgspec.Struct, frozen=True):
    """A code to be scanned; see :class:`edge.hadir.kiosk.drawing.DrawnCode`."""

    size: int
    path: str


class Picture(msgspec.Struct, frozen=True):
    """Everything on one screen.

    ``is_attended``: the camera of the door is at work; without it only the QR code serves.
    """

    door: str
    is_attended: bool = False
    is_clock_known: bool = True
    notice: Notice | None = None
    challenge: str = ""
    is_asking_pin: bool = False
    has_witness: bool = False
    footers: tuple[str, ...] = ()
    code: QrCode | None = None


def notice_of(told: Told, number: int) -> Notice:
    """Return what the page shows of a message; ``number`` tells it from the one before."""
    tone = _TONES.get(told.code, "no")
    # What is said of a letter is to be compared with its paper: it stays, and greets nobody.
    is_letter = told.code.startswith("S")
    is_greeting = tone in {"good", "known"} and not is_letter
    return Notice(
        number=number,
        code=told.code,
        tone=tone,
        text=told.text,
        name=told.name,
        initials="" if is_letter else initials_of(told.name),
        action=told.action,
        note=told.note,
        lasts_s=_GREETING_S if is_greeting else _REFUSAL_S,
    )


def initials_of(name: str) -> str:
    """Return the first letters of up to two words of a display name."""
    letters = [found.group() for word in name.split() if (found := _WORD.search(word))]
    return "".join(letters[:2]).upper()

"""How a finding goes from state to state, and when two findings show one place. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from hub.cctv.pictures.photo import Box
from hub.web.i18n import N_


class State(StrEnum):
    """Where a finding stands."""

    NEW = "new"
    SENT = "sent"
    RECEIVED = "received"
    ACTED_ON = "acted-on"
    DONE = "done"
    REJECTED = "rejected"


class Act(StrEnum):
    """What somebody does with a finding."""

    SEND = "send"
    RECEIVE = "receive"
    ACT = "act"
    FINISH = "finish"
    REJECT = "reject"
    REOPEN = "reopen"


STATE_WORDS: Mapping[State, str] = {
    State.NEW: N_("baru"),
    State.SENT: N_("dikirim"),
    State.RECEIVED: N_("diterima"),
    State.ACTED_ON: N_("ditindaklanjuti"),
    State.DONE: N_("selesai"),
    State.REJECTED: N_("ditolak"),
}
ACT_WORDS: Mapping[Act, str] = {
    Act.SEND: N_("Kirim ke OPD"),
    Act.RECEIVE: N_("Terima"),
    Act.ACT: N_("Catat tindak lanjut"),
    Act.FINISH: N_("Selesaikan"),
    Act.REJECT: N_("Tolak"),
    Act.REOPEN: N_("Buka lagi"),
}

OPEN = frozenset({State.NEW, State.SENT, State.RECEIVED, State.ACTED_ON})
# Whoever marked it sends it, and may doubt its end; the OPD that got it does the rest.
OF_MAKER = frozenset({Act.SEND, Act.REOPEN})
# Without words these would leave the other side guessing.
NEEDS_NOTE = frozenset({Act.ACT, Act.FINISH, Act.REJECT, Act.REOPEN})

_NEXT: Mapping[tuple[State, Act], State] = {
    (State.NEW, Act.SEND): State.SENT,
    (State.REJECTED, Act.SEND): State.SENT,
    (State.SENT, Act.RECEIVE): State.RECEIVED,
    (State.SENT, Act.REJECT): State.REJECTED,
    (State.RECEIVED, Act.ACT): State.ACTED_ON,
    (State.RECEIVED, Act.FINISH): State.DONE,
    (State.RECEIVED, Act.REJECT): State.REJECTED,
    (State.ACTED_ON, Act.ACT): State.ACTED_ON,
    (State.ACTED_ON, Act.FINISH): State.DONE,
    (State.DONE, Act.REOPEN): State.SENT,
}

# Two marks that overlap so far (intersection over union) show one thing, seen by a camera that
# does not turn. Chosen: a mark drawn twice by hand overlaps by more, two neighbours by less.
SAME_PLACE = 0.4
SMALLEST_SIDE = 0.01


def after(state: State, act: Act) -> State | None:
    """Return the state after an act; ``None``: it cannot be done now."""
    return _NEXT.get((state, act))


def acts_in(state: State, *, is_maker: bool, is_answerer: bool) -> tuple[Act, ...]:
    """Return what somebody may do with a finding in this state."""
    return tuple(
        act for (where, act) in _NEXT if where is state and (is_maker if act in OF_MAKER else is_answerer)
    )


def is_overdue(state: State, due_on: date | None, today: date) -> bool:
    """Return whether somebody should have acted by now."""
    return state in OPEN and due_on is not None and due_on < today


def is_on_picture(box: Box) -> bool:
    """Return whether a mark lies on the picture and is large enough to be seen."""
    sides = (box.left, box.top, box.width, box.height)
    if any(not 0 <= side <= 1 for side in sides):
        return False
    fits = box.left + box.width <= 1 + 1e-6 and box.top + box.height <= 1 + 1e-6
    return fits and min(box.width, box.height) >= SMALLEST_SIDE


def overlap(one: Box, other: Box) -> float:
    """Return intersection over union of two marks, 0..1."""
    wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / (one.width * one.height + other.width * other.height - shared)


def potential_rupiah(area_m2: float | None, rupiah_m2_month: int | None) -> int | None:
    """Return what a billboard could bring a month; ``None`` while size or tariff is not known."""
    if area_m2 is None or rupiah_m2_month is None:
        return None
    return round(area_m2 * rupiah_m2_month)

"""``pontive-edge set-up``: finds the card, does it, answers beside it and by the lamp."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from edge.bug_report import bug_report
from edge.config_file import load_config
from edge.enrolment.asking import HttpHub, HubUnreachableError, RefusedError
from edge.enrolment.card.card_file import ANSWER, REPORT, Card, NothingOnCardError, read_card
from edge.enrolment.card.doing import Surroundings, do_card, wipe
from edge.enrolment.command import patiently
from edge.enrolment.installing import InstallError
from edge.errors import EdgeError
from edge.health.probing.board import Probes
from edge.health.probing.link import LinkProbes
from edge.lights.sign_file import SignFile
from edge.lights.signs import SIGNS, State

SIGN = "set-up"


def run_set_up(
    config_path: Path,
    *,
    places: Sequence[Path],
    signs: Path | None,
    retry_for_s: float,
    links: LinkProbes | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Do what the card says; return what was done, which also lies beside the card as a text.

    Args:
        config_path: Of the device's settings, which need not be there yet.
        places: Folders of card and stick.
        signs: Where the lamp looks; ``None``: nobody watches.
        retry_for_s: How long to wait for a hub.
        links: Where the kernel is asked for a network.
        sleep: Waits between two tries.

    Raises:
        EdgeError: it did not work; the sentence lies beside the card too.
    """
    links = links or LinkProbes()
    sign = None if signs is None else SignFile(signs, SIGN)

    def show(state: State) -> None:
        if sign is not None:
            sign.show(state)

    around = Surroundings(
        hub_at=HttpHub,
        patiently=lambda act: patiently(
            act,
            retry_for_s,
            waiting=lambda error: show(state_of_error(error, has_network=links.has_network())),
            sleep=sleep,
        ),
        hardware=Probes().hardware(),
    )
    show(State.BUSY)
    try:
        card = read_card(places)
        done = do_card(card, config_path, around)
    except EdgeError as error:
        state = state_of_error(error, has_network=links.has_network())
        show(state)
        _answer(places, f"GAGAL: {error}\n\nLED: {SIGNS[state].pattern}. {SIGNS[state].remedy}.\n")
        raise
    text = "\n".join(done)
    _report(card, config_path)
    _answer(places, f"{text}\n")
    wipe(card)
    show(State.BUSY)
    return text


def state_of_error(error: EdgeError, *, has_network: bool) -> State:
    """Return what the lamp shows for an error."""
    match error:
        case HubUnreachableError():
            return State.NO_HUB if has_network else State.NO_NETWORK
        case RefusedError():
            return State.REFUSED
        case InstallError() if isinstance(error.__cause__, OSError):
            return State.DISK
        case NothingOnCardError():
            return State.BLANK
        case _:
            return State.CARD


def _report(card: Card, config_path: Path) -> None:
    if card.file.report and config_path.exists():
        found = bug_report(load_config(config_path))
        _write(card.path.with_name(REPORT), msgspec.json.format(msgspec.json.encode(found)))


def _answer(places: Sequence[Path], text: str) -> None:
    for place in places:
        if place.is_dir():
            _write(place / ANSWER, text.encode())


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError:
        # A stick that is read-only gets no answer; the lamp says it all the same.
        return

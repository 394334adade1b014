"""One call of an SDK that waits for ever and hides why it failed: a time limit, and the real cause.

Must not name the SDK.
"""

from collections.abc import Callable
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar

from provisioning.fleets.errors import FleetError, Trouble

T = TypeVar("T")

TROUBLE_OF_STATUS = {
    401: (
        Trouble.BAD_TOKEN,
        "the API does not know this token; make a new key and put it into the token file",
    ),
    403: (Trouble.BAD_TOKEN, "this token may not do that; use a key of somebody who may"),
    404: (Trouble.NOT_THERE, "not there, or this token may not see it"),
    409: (Trouble.CONFLICT, "something of that name is there already, or belongs to somebody else"),
    429: (Trouble.RATE_LIMIT, "too many requests for now; wait a minute and repeat, nothing is lost"),
}


def trouble_of(what: str, error: BaseException) -> FleetError | None:
    """Return what an error means, from the HTTP status or the network error at its bottom.

    Args:
        what: What was asked for.
        error: As the SDK raised it.
    """
    causes = causes_of(error)
    status = next((s for one in causes if (s := getattr(one, "status_code", None)) is not None), None)
    if status in TROUBLE_OF_STATUS:
        trouble, words = TROUBLE_OF_STATUS[status]
        return FleetError(trouble, f"{what}: {words}")
    # Every error of the network is an OSError, those of requests and the time limit included.
    if any(isinstance(one, OSError) for one in causes):
        words = "the API does not answer; check network and address, then repeat"
        return FleetError(Trouble.NO_NETWORK, f"{what}: {words}")
    return None


def causes_of(error: BaseException) -> list[BaseException]:
    """Return an error and what it came from, outermost first."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or one.__context__
    return found


def within(call: Callable[[], T], timeout_s: float) -> T:
    """Return what a call gives; the SDK has no time limits of its own.

    Raises:
        TimeoutError: it took too long; its thread is left behind and ends with the program.
    """
    box: Queue[tuple[T | None, BaseException | None]] = Queue()

    def run() -> None:
        try:
            box.put((call(), None))
        except BaseException as error:  # it is raised again in the thread that waits
            box.put((None, error))

    Thread(target=run, daemon=True, name="balena").start()
    try:
        answer, error = box.get(timeout=timeout_s)
    except Empty:
        raise TimeoutError(f"no answer within {timeout_s:g} s") from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]  # without an error it is what the call gave

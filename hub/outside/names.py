"""Names of machines looked up within a deadline: the system's own look-up cannot be told to hurry."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence

Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host.

    Raises:
        OSError: it has none.
    """
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def looked_up(resolve: Resolve, host: str, port: int, *, timeout_s: float) -> Sequence[str]:
    """Return the addresses of a host, or give up.

    A look-up that hangs is left behind in a thread of its own. It ends by itself: the system's
    resolver gives up within half a minute, so that few of them are ever there at once.

    Raises:
        OSError: it has none; ``TimeoutError`` when nobody said so in time.
        UnicodeError: no name at all.
    """
    said: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            said.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            said.put(error)

    threading.Thread(target=ask, name="look-up of a name", daemon=True).start()
    try:
        found = said.get(timeout=timeout_s)
    except queue.Empty:
        raise TimeoutError(f"no name server answered within {timeout_s:g} s") from None
    if isinstance(found, (OSError, UnicodeError)):
        raise found
    return found

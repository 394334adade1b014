"""The name server of the access point: every name is the device itself, so that phones find its page.

Answers A questions with one address and everything else with nothing; forwards nothing.
"""

import ipaddress
import socket
import struct
import threading

# RFC 1035 (1987): header, question, answer.
_HEADER = struct.Struct("!6H")
_PORT = 53
_TYPE_A, _CLASS_IN = 1, 1
_IS_ANSWER, _RECURSION_WANTED, _OPCODE = 0x8000, 0x0100, 0x7800
# Phones shall ask again once they are in another network.
_KEPT_S = 1
_MOST_BYTES = 512


def answer(question: bytes, address: ipaddress.IPv4Address) -> bytes | None:
    """Return the answer to a DNS question; ``None`` to what is none."""
    if not _HEADER.size < len(question) <= _MOST_BYTES:
        return None
    number, flags, count, *_ = _HEADER.unpack_from(question)
    if flags & (_IS_ANSWER | _OPCODE) or count != 1:
        return None
    end = _end_of_name(question)
    if end is None or end + 4 > len(question):
        return None
    kind, family = struct.unpack_from("!2H", question, end)
    asked = question[_HEADER.size : end + 4]
    is_ours = (kind, family) == (_TYPE_A, _CLASS_IN)
    head = _HEADER.pack(number, _IS_ANSWER | flags & _RECURSION_WANTED, 1, int(is_ours), 0, 0)
    # 0xC00C points to the name in the question.
    record = struct.pack("!HHHIH", 0xC00C, _TYPE_A, _CLASS_IN, _KEPT_S, 4) + address.packed
    return head + asked + (record if is_ours else b"")


def _end_of_name(question: bytes) -> int | None:
    at = _HEADER.size
    while at < len(question) and (length := question[at]):
        if length > 63:
            return None
        at += 1 + length
    return at + 1 if at < len(question) else None


class NameServer:
    """Answers on one address until it is closed."""

    def __init__(self, listening: socket.socket, address: ipaddress.IPv4Address) -> None:
        """Take a bound UDP socket and begin."""
        self._socket, self._address = listening, address
        self._is_ended = False
        self._socket.settimeout(0.5)
        self._thread = threading.Thread(target=self._serve, name="names", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._is_ended:
            try:
                question, peer = self._socket.recvfrom(_MOST_BYTES + 1)
                said = answer(question, self._address)
                if said is not None:
                    self._socket.sendto(said, peer)
            except OSError:
                # Nobody asked, or the phone left before the answer.
                continue

    def close(self) -> None:
        """End."""
        self._is_ended = True
        self._thread.join()
        self._socket.close()

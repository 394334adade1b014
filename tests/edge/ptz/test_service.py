"""What the simulated camera answers to questions that are none."""

import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from edge.ptz.onvif import PTZ
from edge.ptz.port import Pose
from edge.ptz.simulated.head import Head
from edge.ptz.simulated.server import OnvifServer
from edge.ptz.simulated.service import SimulatedOnvif
from edge.ptz.soap import SOAP, Login, envelope_of
from tests.edge.ptz.contract import Clock


def service(**changes: object) -> SimulatedOnvif:
    return SimulatedOnvif(Head(Clock()), lambda: datetime.now(UTC), **changes)  # type: ignore[arg-type] # by keyword


def ask(one: SimulatedOnvif, question: str, login: Login | None = None) -> tuple[int, bytes]:
    return one.answer(envelope_of(question, login or Login(), created=datetime.now(UTC)))


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"GET / HTTP/1.1", b"no SOAP"),
        (b"<x/>", b"nothing is asked"),
        (f'<s:Envelope xmlns:s="{SOAP}"><s:Body/></s:Envelope>'.encode(), b"nothing is asked"),
    ],
)
def test_what_is_no_question_is_a_fault(payload: bytes, words: bytes) -> None:
    status, body = service().answer(payload)
    assert status == 400
    assert words in body


def test_a_question_it_does_not_know_is_a_fault() -> None:
    status, body = ask(service(), f'<p:MakeCoffee xmlns:p="{PTZ}"/>')
    assert (status, b"ActionNotSupported" in body) == (400, True)


def test_a_login_that_is_garbled_is_refused() -> None:
    one = service(user="a", password="b")
    envelope = envelope_of("<x/>", Login("a", "b"), created=datetime.now(UTC))
    assert b"NotAuthorized" not in one.answer(envelope)[1]
    for was, now_is in ((b"<w:Nonce>", b"<w:Nonce>!"), (b"<u:Created>2", b"<u:Created>x")):
        assert b"NotAuthorized" in one.answer(envelope.replace(was, now_is))[1]


def test_a_move_without_speed_and_time_stands_still_for_a_while() -> None:
    one = service()
    assert ask(one, f'<p:ContinuousMove xmlns:p="{PTZ}"/>')[0] == 200
    assert one.head.pose().is_moving is False


def test_a_head_without_a_place_says_none() -> None:
    class Lost(Head):
        def pose(self) -> Pose:
            return Pose(None, is_moving=False)

    one = SimulatedOnvif(Lost(Clock()), lambda: datetime.now(UTC))
    assert b"Position" not in ask(one, f'<p:GetStatus xmlns:p="{PTZ}"/>')[1]


def test_a_question_that_is_too_long_is_not_read() -> None:
    server = OnvifServer(service())
    try:
        request = urllib.request.Request(server.address, b"", {"Content-Length": "999999"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=60)
        assert caught.value.code == 413
        caught.value.close()
    finally:
        server.close()

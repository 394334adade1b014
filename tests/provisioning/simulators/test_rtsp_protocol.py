"""The camera's side of an RTSP conversation."""

import pytest

from provisioning.simulators.film import Film, street_film
from provisioning.simulators.rtsp_protocol import (
    Conversation,
    Login,
    Request,
    description_of,
    digest,
    parse_request,
)

LOGIN = Login("admin", "s3cret")


@pytest.fixture(scope="module")
def film() -> Film:
    return street_film(width=160, height=96, fps=10, seconds=2)


def ask(conversation: Conversation, method: str, **headers: str) -> str:
    sent = {"cseq": "7", **headers}
    return conversation.reply(Request(method, "rtsp://host/live", sent)).decode()


def open_to_all(film: Film) -> Conversation:
    return Conversation(film=film, login=None, nonce="n")


def test_a_request_is_taken_apart() -> None:
    request = parse_request("DESCRIBE rtsp://host/a RTSP/1.0\r\nCSeq: 2\r\nUser-Agent: a: b")
    assert request.method == "DESCRIBE"
    assert request.address == "rtsp://host/a"
    assert request.headers == {"cseq": "2", "user-agent": "a: b"}


@pytest.mark.parametrize("text", ["", "GET / HTTP/1.1", "OPTIONS *", "nonsense"])
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"RTSP|unpack"):
        parse_request(text)


def test_the_stream_is_described_with_its_parameter_sets(film: Film) -> None:
    reply = ask(open_to_all(film), "DESCRIBE")
    head, _, body = reply.partition("\r\n\r\n")
    assert head.startswith("RTSP/1.0 200 OK\r\nCSeq: 7")
    assert f"Content-Length: {len(body)}" in head
    assert body == description_of(film)
    assert "a=rtpmap:96 H264/90000" in body


def test_only_tcp_is_offered(film: Film) -> None:
    conversation = open_to_all(film)
    assert "461" in ask(conversation, "SETUP", transport="RTP/AVP;unicast;client_port=1-2")
    assert "interleaved=0-1" in ask(conversation, "SETUP", transport="RTP/AVP/TCP;unicast;interleaved=0-1")


def test_play_begins_and_teardown_ends(film: Film) -> None:
    conversation = open_to_all(film)
    assert not conversation.is_playing
    assert "200 OK" in ask(conversation, "PLAY")
    assert conversation.is_playing
    assert "200 OK" in ask(conversation, "GET_PARAMETER")
    assert "200 OK" in ask(conversation, "TEARDOWN")
    assert not conversation.is_playing


def test_other_methods_are_not_known(film: Film) -> None:
    assert "405" in ask(open_to_all(film), "RECORD")
    assert "DESCRIBE" in ask(open_to_all(film), "OPTIONS")


def test_a_login_is_asked_for_and_checked(film: Film) -> None:
    conversation = Conversation(film=film, login=LOGIN, nonce="abc")
    reply = ask(conversation, "DESCRIBE")
    assert "401 Unauthorized" in reply
    assert 'WWW-Authenticate: Digest realm="camera", nonce="abc"' in reply
    assert "200 OK" in ask(conversation, "OPTIONS")

    def with_digest(login: Login, nonce: str = "abc") -> str:
        response = digest(login, method="DESCRIBE", address="rtsp://host/live", nonce=nonce)
        header = (
            f'Digest username="{login.user}", realm="camera", nonce="{nonce}", '
            f'uri="rtsp://host/live", response="{response}"'
        )
        return ask(conversation, "DESCRIBE", authorization=header)

    assert "200 OK" in with_digest(LOGIN)
    assert "401" in with_digest(Login("admin", "guess"))
    assert "401" in with_digest(Login("root", "s3cret"))
    assert "401" in with_digest(LOGIN, nonce="old")


def test_the_digest_is_that_of_the_standard() -> None:
    # The example of RFC 2069 (1997) section 2.4 as put right by its erratum 749.
    value = digest(
        Login("Mufasa", "CircleOfLife"),
        method="GET",
        address="/dir/index.html",
        nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
        realm="testrealm@host.com",
    )
    assert value == "1949323746fe6a43ef61f9606e7febea"


def test_a_camera_may_refuse_everybody(film: Film) -> None:
    conversation = Conversation(film=film, login=None, nonce="n", refuses_all=True)
    assert "401" in ask(conversation, "DESCRIBE")


def test_the_password_is_not_in_the_repr() -> None:
    assert "s3cret" not in repr(LOGIN)

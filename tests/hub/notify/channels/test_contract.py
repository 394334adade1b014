"""One contract for all channels: what they take arrives whole, what they cannot take is said in words."""

import contextlib
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from hub.notify.channels.by_apprise import EmailChannel, TelegramChannel
from hub.notify.channels.port import MemoryChannel, Message, MessageChannel, SendError
from hub.notify.channels.webhook import SIGNATURE, WebhookChannel
from hub.notify.settings import EmailSettings, TelegramSettings, WebhookSettings
from tests.hub.notify.conftest import CallServer, MailServer

SUBJECT = "[Pontive] KRITIS: Titik Jawi padam"
TEXT = "Titik Jawi padam (listrik)\nSejak: Sab 21 Nov 2026 10.14 WIB – ≥ 3 kamera"
TOKEN = "123456789:abcdefghijklmnopqrstuvwxyz_ABCDEFG"


@dataclass
class Case:
    """A channel, an address it takes, what arrived there, and how to make it refuse."""

    channel: MessageChannel
    address: str
    arrived: Callable[[], list[str]]
    refuse: Callable[[], None]


def memory_case() -> Case:
    channel = MemoryChannel()

    def refuse() -> None:
        channel.refusal = SendError("tidak diterima")

    return Case(
        channel,
        "siapa saja",
        lambda: [f"{one.subject}\n{one.whole_text}" for one in channel.sent],
        refuse,
    )


def email_case(mail: MailServer) -> Case:
    settings = EmailSettings(
        host="127.0.0.1", port=mail.port, security="insecure", sender="pontive@pontianak.go.id"
    )

    def refuse() -> None:
        mail.refuses = "550 tidak ada kotak itu"

    return Case(
        EmailChannel(settings, ""),
        "oki@pontianak.go.id",
        lambda: [f"{one['Subject']}\n{one.get_content()}" for one in mail.taken],
        refuse,
    )


def telegram_case(calls: CallServer) -> Case:
    def arrived() -> list[str]:
        return [
            json.loads(body)["text"].replace("\r", "")
            for path, _headers, body in calls.calls
            if path == f"/bot{TOKEN}/sendMessage"
        ]

    def refuse() -> None:
        calls.status, calls.answer = 403, b'{"ok": false, "description": "bot was blocked"}'

    channel = TelegramChannel(TelegramSettings(api=f"http://127.0.0.1:{calls.port}"), TOKEN)
    return Case(channel, "123456789", arrived, refuse)


def webhook_case(calls: CallServer) -> Case:
    def arrived() -> list[str]:
        bodies = [json.loads(body) for _path, _headers, body in calls.calls]
        return [f"{one['subject']}\n{one['text']}\n\n{one['link']}" for one in bodies]

    def refuse() -> None:
        calls.status = 503

    channel = WebhookChannel(WebhookSettings(allowed=("127.0.0.0/8",)), "rahasia")
    return Case(channel, f"http://127.0.0.1:{calls.port}/kait?x=1", arrived, refuse)


@pytest.fixture(params=["memory", "email", "telegram", "webhook"])
def case(request: pytest.FixtureRequest) -> Case:
    if request.param == "memory":
        return memory_case()
    if request.param == "email":
        return email_case(request.getfixturevalue("mail"))
    make = telegram_case if request.param == "telegram" else webhook_case
    return make(request.getfixturevalue("calls"))


def message(case: Case) -> Message:
    return Message(7, case.address, SUBJECT, TEXT, "https://pontive.pontianak.go.id/alarm/1")


def test_what_is_sent_arrives_whole_and_once(case: Case) -> None:
    case.channel.send(message(case))
    (text,) = case.arrived()
    for words in (SUBJECT, *TEXT.split("\n"), "https://pontive.pontianak.go.id/alarm/1"):
        assert words in text, words


def test_a_refusal_is_said_in_words(case: Case) -> None:
    case.refuse()
    with pytest.raises(SendError) as found:
        case.channel.send(message(case))
    assert len(str(found.value)) > 5
    assert TOKEN not in str(found.value)
    assert not found.value.is_final


def test_after_a_refusal_the_next_is_taken(case: Case) -> None:
    case.refuse()
    with pytest.raises(SendError):
        case.channel.send(message(case))


def test_a_server_that_is_away_is_said_in_words(mail: MailServer) -> None:
    settings = EmailSettings(host="127.0.0.1", port=1, security="insecure", sender="pontive@pontianak.go.id")
    with pytest.raises(SendError, match="Connection error"):
        EmailChannel(settings, "sandi-rahasia").send(Message(1, "oki@pontianak.go.id", "x", "y", ""))
    assert mail.taken == []


def test_a_mail_goes_to_one_recipient_and_has_one_subject_line(mail: MailServer) -> None:
    case = email_case(mail)
    case.channel.send(Message(7, case.address, "satu\r\nBcc: lain@x.id", "isi", ""))
    assert len(mail.recipients) == 1
    assert mail.taken[0]["Bcc"] is None
    assert "pontive@pontianak.go.id" in mail.taken[0]["From"]


def test_a_setting_that_cannot_be_used_is_said_in_words(mail: MailServer) -> None:
    settings = EmailSettings(host="127.0.0.1", port=mail.port, security="insecure", sender="bukan alamat")
    with pytest.raises(SendError):
        EmailChannel(settings, "").send(Message(1, "oki@pontianak.go.id", "x", "y", ""))


class TestWebhook:
    """Signed, never redirected, never into our own network."""

    def test_its_body_is_signed(self, calls: CallServer) -> None:
        case = webhook_case(calls)
        case.channel.send(message(case))
        path, headers, body = calls.calls[0]
        digest = hmac.new(b"rahasia", body, hashlib.sha256).hexdigest()
        assert path == "/kait?x=1"
        assert headers[SIGNATURE] == f"sha256={digest}"
        assert headers["Host"] == f"127.0.0.1:{calls.port}"

    def test_without_a_secret_it_is_not_signed(self, calls: CallServer) -> None:
        channel = WebhookChannel(WebhookSettings(allowed=("127.0.0.1",)), "")
        channel.send(Message(1, f"http://127.0.0.1:{calls.port}/", "x", "y", ""))
        assert SIGNATURE not in calls.calls[0][1]

    def test_an_allowed_host_may_have_any_address(self, calls: CallServer) -> None:
        channel = WebhookChannel(WebhookSettings(allowed=("localhost",)), "")
        channel.send(Message(1, f"http://localhost:{calls.port}/", "x", "y", ""))
        assert len(calls.calls) == 1

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "::1",
            "fe80::1%eth0",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ],
    )
    def test_our_own_network_is_refused_for_good(self, address: str) -> None:
        channel = WebhookChannel(WebhookSettings(), "", resolve=lambda _host, _port: [address])
        with pytest.raises(SendError, match="jaringan sendiri") as found:
            channel.send(Message(1, "https://layanan.example.id/", "x", "y", ""))
        assert found.value.is_final

    def test_one_bad_address_among_good_ones_is_enough(self) -> None:
        channel = WebhookChannel(WebhookSettings(), "", resolve=lambda _h, _p: ["8.8.8.8", "127.0.0.1"])
        with pytest.raises(SendError, match="jaringan sendiri"):
            channel.send(Message(1, "https://layanan.example.id/", "x", "y", ""))

    def test_outside_only_https_is_taken(self) -> None:
        channel = WebhookChannel(WebhookSettings(), "", resolve=lambda _h, _p: ["8.8.8.8"])
        with pytest.raises(SendError, match="harus https") as found:
            channel.send(Message(1, "http://layanan.example.id/", "x", "y", ""))
        assert found.value.is_final

    def test_a_name_that_nobody_knows_may_be_known_later(self) -> None:
        def unknown(_host: str, _port: int) -> list[str]:
            raise OSError("no such name")

        with pytest.raises(SendError, match="tidak ditemukan") as found:
            WebhookChannel(WebhookSettings(), "", resolve=unknown).send(
                Message(1, "https://layanan.example.id/", "x", "y", "")
            )
        assert not found.value.is_final

    def test_a_name_server_that_says_nothing_holds_nobody(self) -> None:
        is_over = threading.Event()

        def hangs(_host: str, _port: int) -> list[str]:
            is_over.wait()
            return []

        channel = WebhookChannel(WebhookSettings(), "", resolve=hangs, timeout_s=0.05)
        try:
            with pytest.raises(SendError, match="tidak ditemukan") as found:
                channel.send(Message(1, "https://layanan.example.id/", "x", "y", ""))
        finally:
            is_over.set()
        assert not found.value.is_final

    def test_the_next_address_of_a_name_is_tried(self, calls: CallServer) -> None:
        with socket.socket() as unused:
            # Bound, but nobody listens: the first address refuses.
            unused.bind(("127.0.0.3", calls.port))
            channel = WebhookChannel(
                WebhookSettings(allowed=("127.0.0.0/8",)),
                "",
                resolve=lambda _h, _p: ["127.0.0.3", "127.0.0.1"],
            )
            channel.send(Message(1, f"http://layanan.example.id:{calls.port}/", "x", "y", ""))
        assert len(calls.calls) == 1

    def test_a_server_without_our_certificate_is_not_believed(self, calls: CallServer) -> None:
        channel = WebhookChannel(WebhookSettings(allowed=("127.0.0.0/8",)), "")
        with pytest.raises(SendError, match="tidak tersambung"):
            channel.send(Message(1, f"https://127.0.0.1:{calls.port}/", "x", "y", ""))
        assert calls.calls == []

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_one_who_answers_a_byte_now_and_then_is_cut_off(self, scheme: str) -> None:
        done = threading.Event()
        # An answer without an end, and the head of a long TLS record.
        head, drop = (b"HTTP", b"x") if scheme == "http" else (b"\x16\x03\x03\x3f\xff", b"\0")

        def drip(listener: socket.socket) -> None:
            with listener.accept()[0] as link, contextlib.suppress(OSError):
                link.sendall(head)
                while not done.wait(0.02):
                    link.sendall(drop)

        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=drip, args=[listener])
            thread.start()
            channel = WebhookChannel(WebhookSettings(allowed=("127.0.0.1",)), "", timeout_s=0.2)
            address = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/"
            try:
                with pytest.raises(SendError, match="tidak tersambung") as found:
                    channel.send(Message(1, address, "x", "y", ""))
            finally:
                done.set()
                thread.join()
        assert not found.value.is_final

    @pytest.mark.parametrize(
        ("status", "is_final"), [(302, True), (404, True), (410, True), (429, False), (500, False)]
    )
    def test_a_redirect_is_not_followed_and_some_answers_are_final(
        self, calls: CallServer, status: int, is_final: bool
    ) -> None:
        case = webhook_case(calls)
        calls.status, calls.location = status, f"http://127.0.0.1:{calls.port}/lain"
        with pytest.raises(SendError, match=str(status)) as found:
            case.channel.send(message(case))
        assert found.value.is_final is is_final
        assert len(calls.calls) == 1

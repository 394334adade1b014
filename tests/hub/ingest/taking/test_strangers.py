"""Who connected, as the broker says it; what follows is tried in tests/provisioning/test_strangers.py."""

import pytest

from hub.ingest.taking.strangers import Newcomer, newcomer_of

LINE = "1764000000: New client connected from 127.0.0.1:40000 as {} (p5, c1, k60, u'{}')."


@pytest.mark.parametrize(
    ("client", "user", "is_stranger"),
    [
        ("pi-satu", "pi-satu", False),
        ("pi-satu-live", "pi-satu", False),
        ("hub-ingest-0", "hub", False),
        ("pencuri", "pi-satu", True),
        ("pi-dua", "pi-satu", True),
        ("pi-dua-live", "pi-satu", True),
        ("pi-satu-live-live", "pi-satu", True),
        ("x (p5, c1, k60, u'hub').\n", "pi-satu", True),
        ("hub", "pi-satu", True),
    ],
)
def test_the_certificate_says_who_it_is_whatever_the_client_calls_itself(client, user, is_stranger) -> None:
    found = newcomer_of(LINE.format(client, user))
    assert found == Newcomer(client, user)
    assert found.is_stranger is is_stranger


def test_other_lines_and_clients_without_a_certificate_are_no_newcomers() -> None:
    assert newcomer_of("1764000000: Client pi-satu disconnected.") is None
    assert newcomer_of("New client connected from 127.0.0.1:1 as pi-satu (p5, c1, k60).") is None

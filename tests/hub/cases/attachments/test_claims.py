"""Words that stand for kept files in a form that is not sent yet."""

import time_machine

from hub.cases.attachments.claims import GOOD_FOR_S, Claims
from hub.cases.attachments.kept import JPEG, KeptFile

KEPT = KeptFile("a" * 64, JPEG, 12_345, 640, 480)


def test_a_claim_is_good_for_its_place_and_its_secret_alone() -> None:
    word = Claims("rahasia", "surat/ktp").seal(KEPT)
    assert Claims("rahasia", "surat/ktp").read(word) == KEPT
    assert Claims("rahasia", "surat/kk").read(word) is None
    assert Claims("lain", "surat/ktp").read(word) is None
    for forged in ("", "x", word[:-2] + "zz", KEPT.sha256, word * 2):
        assert Claims("rahasia", "surat/ktp").read(forged) is None


def test_a_claim_of_yesterday_is_over() -> None:
    with time_machine.travel(1_790_000_000, tick=False):
        word = Claims("rahasia", "surat/ktp").seal(KEPT)
    with time_machine.travel(1_790_000_000 + GOOD_FOR_S + 1, tick=False):
        assert Claims("rahasia", "surat/ktp").read(word) is None

"""HS codes: what an office shows for phones to scan."""

import json
from pathlib import Path

import pytest

from edge.wire.workplace import (
    STEP_S,
    WorkplaceCodeError,
    device_key_of,
    make_workplace_code,
    read_workplace_code,
)

ADDRESS = "HTTPS://HADIR.PONTIANAK.GO.ID/S/"
KEY = device_key_of(bytes(32), "pintu-1")
NOW_S = 1_795_216_449


def test_the_vector_holds() -> None:
    vectors = json.loads((Path(__file__).parents[2] / "data/codes/good.json").read_text())
    vector = next(v for v in vectors if v["kind"] == "HS")
    key = device_key_of(bytes.fromhex(vector["hub_key"]), vector["device"])
    made = make_workplace_code(key, site=vector["site"], now_s=vector["now_s"], address=vector["address"])
    assert made == vector["text"]
    code = read_workplace_code(vector["text"], address=vector["address"])
    assert code.site == vector["site"]
    assert code.is_made_with(key)


def test_a_code_is_58_upper_case_characters() -> None:
    text = make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS)
    assert len(text) == 58
    assert text == text.upper()


def test_a_code_is_fresh_in_its_step_and_the_next() -> None:
    code = read_workplace_code(
        make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS), address=ADDRESS
    )
    began_s = NOW_S // STEP_S * STEP_S
    answers = {after_s: code.is_fresh(began_s + after_s) for after_s in (-1, 0, 39, 40)}
    assert answers == {-1: False, 0: True, 39: True, 40: False}


def test_a_stolen_device_makes_codes_of_its_own_only() -> None:
    code = read_workplace_code(
        make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS), address=ADDRESS
    )
    assert code.is_made_with(KEY)
    assert not code.is_made_with(device_key_of(bytes(32), "pintu-2"))


def test_changing_any_character_of_a_code_is_noticed() -> None:
    text = make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS)
    for place in range(len(text)):
        for character in "A7B":
            changed = text[:place] + character + text[place + 1 :]
            try:
                code = read_workplace_code(changed, address=ADDRESS)
            except WorkplaceCodeError:
                continue
            assert changed == text or not code.is_made_with(KEY), place


@pytest.mark.parametrize(
    "text",
    [
        "",
        ADDRESS,
        "HTTPS://EVIL.EXAMPLE/S/" + "A" * 26,
        ADDRESS + "A" * 25,
        ADDRESS + "1" * 26,
        ADDRESS + "B" * 26,
    ],
)
def test_another_address_or_a_damaged_tail_is_refused(text: str) -> None:
    with pytest.raises(WorkplaceCodeError):
        read_workplace_code(text, address=ADDRESS)

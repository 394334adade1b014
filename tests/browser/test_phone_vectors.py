"""The scripts of the phone write the same bytes as edge/wire: held against the recorded codes."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from edge.wire import base45
from edge.wire.hadir.codes import PHONE_DOMAIN, PHONE_PREFIX
from tests.browser.conftest import Hub
from tests.browser.phone_rig import phone_page

CODES = Path(__file__).parents[1] / "data" / "codes" / "good.json"
PHONE_CODES = [one for one in json.loads(CODES.read_text("utf-8")) if one["kind"] == "H1"]
# The recorded Ed25519 codes were signed with this key; PKCS #8 puts 16 bytes before it (RFC 8410).
PRIVATE_KEY = bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32))
PUBLIC_KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"

LOAD = """const [script] = document.querySelectorAll('script[src$="code.js"]');
  const load = (name) => import(script.src.replace("code.js", name));
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));"""


@pytest.fixture(scope="module")
def page(browser: Browser, hub: Hub) -> Page:
    """One page for all: only its scripts are looked at."""
    page = phone_page(browser, [])
    page.goto(hub.address + "/hadir/ponsel/")
    return page


def fields(recorded: dict[str, Any]) -> dict[str, Any]:
    return {
        "algorithm": recorded["algorithm"],
        "person": recorded["person"],
        "issuedAt": recorded["issued_at_s"],
        "slot": recorded["key_slot"],
        "purpose": recorded["purpose"],
        "isCorrected": recorded["is_clock_corrected"],
        "nonce": recorded["nonce"],
    }


@pytest.mark.parametrize("recorded", PHONE_CODES, ids=lambda one: f"{one['algorithm']}-{one['person']}")
def test_a_recorded_code_is_written_character_by_character(page: Page, recorded: dict[str, Any]) -> None:
    payload = base45.decode(recorded["text"].removeprefix(PHONE_PREFIX))
    text, signed = page.evaluate(
        f"""async ([fields, signature, challenge]) => {{
          {LOAD}
          const {{ makeToken }} = await load("signing/token.js");
          let signed;
          const sign = async (bytes) => {{ signed = bytes; return bytesOf(signature); }};
          const text = await makeToken(fields, sign, challenge);
          return [text, Array.from(signed)];
        }}""",
        [fields(recorded), base64.b64encode(payload[12:]).decode(), recorded["challenge"]],
    )
    assert text == recorded["text"]
    assert bytes(signed) == PHONE_DOMAIN + payload[:12] + recorded["challenge"].encode()


@pytest.mark.parametrize(
    "recorded",
    [one for one in PHONE_CODES if one["public_key"] == PUBLIC_KEY],
    ids=lambda one: str(one["person"]),
)
def test_the_browser_signs_an_ed25519_code_as_it_was_recorded(page: Page, recorded: dict[str, Any]) -> None:
    text = page.evaluate(
        f"""async ([fields, key, challenge]) => {{
          {LOAD}
          const {{ makeToken }} = await load("signing/token.js");
          const {{ signer }} = await load("signing/keys.js");
          const privateKey = await crypto.subtle.importKey(
            "pkcs8", bytesOf(key), {{ name: "Ed25519" }}, false, ["sign"]);
          return makeToken(fields, signer({{ algorithm: "ed25519", privateKey }}), challenge);
        }}""",
        [fields(recorded), base64.b64encode(PRIVATE_KEY).decode(), recorded["challenge"]],
    )
    assert text == recorded["text"]


@pytest.mark.parametrize("payload", [b"", b"\0", b"\xff", b"\xff\xff", b"AB", b"Hello!!", bytes(range(76))])
def test_base45_is_that_of_the_wire(page: Page, payload: bytes) -> None:
    text = page.evaluate(
        f"""async (bytes) => {{ {LOAD}
          return (await load("signing/base45.js")).encode(new Uint8Array(bytes)); }}""",
        list(payload),
    )
    assert text == base45.encode(payload)


def test_every_recorded_code_is_drawn_with_37_modules(page: Page) -> None:
    sizes = page.evaluate(
        f"""async (texts) => {{ {LOAD}
          const {{ modules }} = await load("qr.js");
          return texts.map((text) => modules(text).size); }}""",
        [one["text"] for one in PHONE_CODES],
    )
    assert set(sizes) == {37}

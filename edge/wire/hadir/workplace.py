"""HS: the code an office shows, for phones to scan (direction B, the weaker way round).

An upper-case address, so that the QR code stays in alphanumeric mode and 29x29 modules. Each
device has a key of its own: a stolen one burns one site. The phone that scanned it signs what it
read and when. Pure: the step comes as an argument.
"""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from edge.wire.records.bodies import Count, Message

# Of a :class:`WorkplaceDocument`, as in ``Desired(document=...)``.
DOCUMENT = "workplace"
STEP_S = 20
# What the signature of a phone over a scanned code begins with.
SCAN_DOMAIN = b"PTK-HADIR-HS-1\0"
_DOMAIN = b"PTK-HADIR-SITE-1\0"
_MAC_BYTES = 10
_HEAD = struct.Struct(">HI")  # site, step
_TEXT_LENGTH = 26


class WorkplaceCodeError(ValueError):
    """A text that no door can have shown."""


class WorkplaceDocument(Message, frozen=True):
    """What a device needs to show HS codes; travels sealed, as ``key`` is a secret.

    ``key`` is base64 of the 32 bytes of :func:`device_key_of`, ``site`` of :func:`site_number_of`.
    """

    version: Count
    key: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9+/]{43}=\Z")]
    site: Annotated[int, msgspec.Meta(ge=0, le=65_535)]
    address: Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Z $%*+./:-]{1,120}\Z")]

    def code(self, now_s: int) -> str:
        """Return the text to show now (Unix seconds)."""
        return make_workplace_code(
            base64.b64decode(self.key), site=self.site, now_s=now_s, address=self.address
        )


@dataclass(frozen=True, slots=True)
class WorkplaceCode:
    """Which site showed the code and when: ``step`` is Unix seconds // 20."""

    site: int
    step: int
    mac: bytes

    def is_made_with(self, device_key: bytes) -> bool:
        """Tell whether the device with this key made the code."""
        return hmac.compare_digest(self.mac, _mac(device_key, self.site, self.step))

    def is_fresh(self, now_s: int) -> bool:
        """Tell whether the step is the current or the previous one at ``now_s`` (Unix seconds)."""
        return self.step in (now_s // STEP_S, now_s // STEP_S - 1)


def device_key_of(hub_key: bytes, device: str) -> bytes:
    """Return the 32-byte key of one device, derived from the hub's."""
    return HKDF(SHA256(), 32, salt=None, info=_DOMAIN + device.encode()).derive(hub_key)


def site_number_of(site: str) -> int:
    """Return the 16-bit number of a site in its codes.

    Two sites may share a number, and nothing depends on it: the key says whose device it was.
    """
    return int.from_bytes(hashlib.sha256(_DOMAIN + site.encode()).digest()[:2])


def encode_workplace(document: WorkplaceDocument) -> bytes:
    """Return the bytes to seal with :func:`edge.wire.desired.seal_for_device`."""
    return msgspec.json.encode(document)


def decode_workplace(plain: bytes) -> WorkplaceDocument:
    """Return the document in ``plain``.

    Raises:
        WorkplaceCodeError: the bytes are none.
    """
    try:
        return msgspec.json.decode(plain, type=WorkplaceDocument)
    except msgspec.MsgspecError as error:
        raise WorkplaceCodeError(f"no workplace document: {error}") from error


def scan_message(code: str, signed_at_s: int) -> bytes:
    """Return the bytes that a phone signs: it read ``code`` at this time.

    Args:
        code: The text of the QR code, as scanned.
        signed_at_s: The phone's clock, Unix seconds, 0 to 2^32 - 1.
    """
    return SCAN_DOMAIN + code.encode() + signed_at_s.to_bytes(4)


def make_workplace_code(device_key: bytes, *, site: int, now_s: int, address: str) -> str:
    """Return the text to show now.

    Args:
        device_key: Of :func:`device_key_of`.
        site: 0-65535.
        now_s: Unix seconds.
        address: As ``HTTPS://HADIR.EXAMPLE.ID/S/``; upper case keeps the QR code small.
    """
    step = now_s // STEP_S
    payload = _HEAD.pack(site, step) + _mac(device_key, site, step)
    return address + _text_of(payload)


def read_workplace_code(text: str, *, address: str) -> WorkplaceCode:
    """Take a scanned address apart; the MAC is not checked yet.

    Raises:
        WorkplaceCodeError: another address, or a tail that is not ours.
    """
    tail = text.removeprefix(address)
    if tail == text or len(tail) != _TEXT_LENGTH:
        raise WorkplaceCodeError("no workplace code of this city")
    try:
        payload = base64.b32decode(tail + "=" * 6)
    except ValueError as error:
        raise WorkplaceCodeError("a damaged workplace code") from error
    if _text_of(payload) != tail:  # the last two bits carry nothing and must be zero
        raise WorkplaceCodeError("a damaged workplace code")
    site, step = _HEAD.unpack_from(payload)
    return WorkplaceCode(site, step, payload[_HEAD.size :])


def _text_of(payload: bytes) -> str:
    return base64.b32encode(payload).decode().rstrip("=")


def _mac(device_key: bytes, site: int, step: int) -> bytes:
    return hmac.digest(device_key, _DOMAIN + _HEAD.pack(site, step), hashlib.sha256)[:_MAC_BYTES]

"""What a technician typed into the form, read strictly; each mistake has its sentence in Indonesian."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from edge.enrolment.card.card_file import Wifi
from edge.enrolment.claim_file import Claim, ClaimError, claim_of
from edge.errors import EdgeError
from edge.wire.joining.claims import CODE_LETTERS, ClaimCodeError, read_claim_code

BY_WIFI, BY_CABLE, BY_FIXED = "wifi", "kabel", "tetap"


class WishError(EdgeError):
    """Something typed cannot be used; the text is for the technician's screen."""


@dataclass(frozen=True, slots=True)
class FixedAddress:
    """An address by hand for the cable."""

    address: ipaddress.IPv4Interface
    gateway: ipaddress.IPv4Address
    name_server: ipaddress.IPv4Address

    @property
    def text(self) -> str:
        """As the system's unit reads it, a line each."""
        return f"address={self.address}\ngateway={self.gateway}\ndns={self.name_server}\n"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be tried: a network (neither: the cable as it is) and the claim. Holds secrets."""

    claim: Claim = field(repr=False)
    wifi: Wifi | None = field(default=None, repr=False)
    fixed: FixedAddress | None = None


def read_wish(typed: Mapping[str, str], claim_of_card: Claim | None) -> Wish:
    """Return what the fields of the form ask for.

    Args:
        typed: The fields by name.
        claim_of_card: What the card says; the form's fields come first.

    Raises:
        WishError: a field is missing or malformed.
    """
    way = typed.get("cara", "")
    if way not in (BY_WIFI, BY_CABLE, BY_FIXED):
        raise WishError("Pilih cara tersambung: Wi-Fi, kabel, atau kabel dengan alamat tetap.")
    return Wish(
        claim=_claim(typed, claim_of_card),
        wifi=_wifi(typed) if way == BY_WIFI else None,
        fixed=_fixed(typed) if way == BY_FIXED else None,
    )


def _wifi(typed: Mapping[str, str]) -> Wifi:
    other = typed.get("nama_lain", "").strip()
    name = other or typed.get("nama", "")
    # Spaces at the ends belong to a password as much as any other letter.
    password = typed.get("sandi", "")
    if not name:
        raise WishError("Pilih Wi-Fi dari daftar, atau ketik namanya.")
    if len(name.encode()) > 32:
        raise WishError("Nama Wi-Fi paling panjang 32 huruf; salin persis seperti di ponsel.")
    if not 8 <= len(password) <= 63 or not password.isascii() or not password.isprintable():
        raise WishError("Sandi Wi-Fi terdiri dari 8 sampai 63 huruf, angka, atau tanda; periksa lagi.")
    return msgspec.convert({"name": name, "password": password, "is_hidden": bool(other)}, Wifi)


def _fixed(typed: Mapping[str, str]) -> FixedAddress:
    written = typed.get("alamat", "").strip()
    if "/" not in written:
        raise WishError("Alamat tetap ditulis dengan panjang jaringannya, misalnya 192.168.1.20/24.")
    try:
        address = ipaddress.IPv4Interface(written)
        gateway = ipaddress.IPv4Address(typed.get("gerbang", "").strip())
        name_server = ipaddress.IPv4Address(typed.get("dns", "").strip() or str(gateway))
    except ValueError as error:
        raise WishError("Alamat, gerbang dan DNS berupa empat angka, misalnya 192.168.1.1.") from error
    if address.ip == gateway or gateway not in address.network or not 1 <= address.network.prefixlen <= 30:
        raise WishError(f"Gerbang {gateway} tidak berada di jaringan {address.network}; periksa keduanya.")
    if address.ip in (address.network.network_address, address.network.broadcast_address):
        raise WishError(
            f"{address.ip} bukan alamat perangkat di jaringan {address.network}; pilih yang lain."
        )
    return FixedAddress(address, gateway, name_server)


def _claim(typed: Mapping[str, str], claim_of_card: Claim | None) -> Claim:
    hub, code = typed.get("hub", "").strip(), typed.get("kode", "").strip()
    if not code and claim_of_card is not None:
        return claim_of_card
    if not code:
        raise WishError("Kode klaim belum diketik; lihat label, atau buat kode di halaman Pemasangan.")
    if not hub and claim_of_card is not None:
        hub = claim_of_card.hub
    try:
        read_claim_code(code)
    except ClaimCodeError as error:
        raise WishError(
            f"Kode klaim salah ketik: {CODE_LETTERS} huruf dan angka, tanpa 0, 1, I dan O. "
            "Bandingkan dengan label, lalu ketik lagi."
        ) from error
    try:
        return claim_of(hub, code)
    except ClaimError as error:
        raise WishError("Alamat hub ditulis lengkap, misalnya https://hub.contoh.go.id") from error

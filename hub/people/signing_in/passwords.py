"""Which passwords are taken, and how they are kept: argon2id, never in clear.

The rules follow OWASP ASVS 5.0 (2025): length and a list of what people really choose, no
character mix, no expiry of a password that its owner chose.
"""

import re
import secrets
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from hub.people.signing_in.breached import SHIPPED, is_breached

# OWASP ASVS 5.0 (2025), 6.2.1 and 6.2.9: at least 12, and 64 must be allowed.
MIN_LENGTH = 12
MAX_LENGTH = 128

# What is left of a common password when digits and signs around it are taken away.
_STEMS_TEXT = """
    password passw0rd passwort qwerty qwertyuiop qwertyuiopas asdfghjkl asdfghjklzxc zxcvbnm letmein
    welcome selamatdatang admin administrator adminadmin root rootroot superuser operator
    operatorcctv rahasia sangatrahasia sandi katasandi katakunci bismillah alhamdulillah
    assalamualaikum indonesia indonesiaraya merdeka pancasila garuda jakarta kalimantan
    kalimantanbarat pontianak kotapontianak khatulistiwa pontive pontivecenter diskominfo dishub
    kominfo pemkot walikota smartcity sayang sayangku cintaku akucintakamu iloveyou ihateyou
    princess dragon football sepakbola monkey sunshine superman batman trustno changeme
    changemeplease default guest test testtest testing correcthorsebatterystaple abcdefghijkl
    abcdefghijklm abc abcabcabcabc
"""
_COMMON_STEMS = frozenset(re.findall(r"\S+", _STEMS_TEXT))
# Words of this city and of lists of leaked passwords; two or three of them in a row are the next guess.
_WORDS_TEXT = """
    aku kamu cinta kota kamera cctv hub wifi pemkotpontianak disdukcapil satpolpp bkpsdm bappeda lurah
    camat kelurahan kecamatan kapuas landak tugu equator sungai jeruju siantan kubu raya melayu dayak
    madura tionghoa kalbar borneo bandung surabaya persib ganteng cantik sehat sukses semangat
    pass word user login master hello secret love super star king happy baby angel shadow michael
    jordan liverpool arsenal chelsea barcelona realmadrid naruto pokemon google facebook samsung
    januari februari maret april mei juni juli agustus september oktober november desember
"""
_WORDS = sorted(_COMMON_STEMS | set(re.findall(r"\S+", _WORDS_TEXT)), key=len, reverse=True)
_CHAIN = re.compile(rf"(?:{'|'.join(_WORDS)}){{1,4}}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
# What people write for letters.
_LOOKALIKES = str.maketrans("01345@$!", "oieasasi")

_HASHER = PasswordHasher()
# What an unknown account is checked against, so that its answer takes as long as a known one's.
_NOBODYS_HASH = _HASHER.hash(secrets.token_urlsafe(24))

# Without letters and digits that look alike on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def make_password() -> str:
    """Return a random password a person can copy from a screen: 4 x 5 characters, 99 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep."""
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Return whether this is the password; takes as long when there is no account (``None``)."""
    try:
        return _HASHER.verify(password_hash or _NOBODYS_HASH, password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Return whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def weakness_of(password: str, account_name: str, *, breached: tuple[Path, ...] = (SHIPPED,)) -> str | None:
    """Return why a password is refused, as a word of :data:`WEAKNESSES`, or ``None``.

    Args:
        password: As typed.
        account_name: What it must not contain.
        breached: Files of :mod:`hub.people.signing_in.breached`.

    Raises:
        ConfigError: one of the files cannot be read.
    """
    if len(password) < MIN_LENGTH:
        return "short"
    if len(password) > MAX_LENGTH:
        return "long"
    if account_name.casefold() in password.casefold():
        return "name"
    if _is_common(password):
        return "common"
    return "breached" if is_breached(password, breached) else None


WEAKNESSES = ("short", "long", "name", "common", "breached")


def _is_common(password: str) -> bool:
    folded = re.sub(r"\s", "", password.casefold())
    if len(set(folded)) < 5 or _is_run(folded):
        return True
    stem = re.sub(r"\A[\W\d_]+|[\W\d_]+\Z", "", folded)
    if not stem:
        return folded.isdecimal()
    inner = re.sub(r"[\W\d_]+", "", folded)
    spelt = re.sub(r"[\W\d_]+", "", stem.translate(_LOOKALIKES))
    return any(_CHAIN.fullmatch(one) for one in (stem, inner, spelt)) or _is_walk(inner or folded)


def _is_walk(text: str) -> bool:
    """Return whether a text is made of stretches of keyboard rows, in either direction."""
    stretches = sorted(
        {row[a : a + 4] for line in _ROWS for row in (line, line[::-1]) for a in range(len(row) - 3)}
    )
    covered = {
        place + step
        for one in stretches
        for place in range(len(text))
        if text.startswith(one, place)
        for step in range(4)
    }
    return len(text) >= 8 and len(covered) >= len(text) - 2


def _is_run(text: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}

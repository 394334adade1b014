"""When a message is tried again, what an address looks like, and what no message says. Pure."""

import re
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from hub.errors import InputError
from hub.notify.service import Channel

FIRST_PAUSE_S = 30.0
LONGEST_PAUSE_S = 3600.0

_EMAIL = re.compile(r"\A[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+\Z")
_CHAT = re.compile(r"\A(-?[0-9]{4,20}|@[A-Za-z][A-Za-z0-9_]{4,31})\Z")


def pause_before(tries: int, chance: float) -> timedelta:
    """Return how long to wait after ``tries`` failures: doubled each time, capped, spread.

    ``chance`` is a random number from 0 to 1; without it all that failed together would come
    back together.
    """
    full_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(tries - 1, 20))
    return timedelta(seconds=full_s * (0.5 + 0.5 * chance))


def check_address(channel: Channel, text: str) -> str:
    """Return an address as it is kept.

    Raises:
        InputError: it is none; says what one looks like.
    """
    text = text.strip()
    if channel is Channel.EMAIL:
        if _EMAIL.match(text):
            return text
        raise InputError("alamat e-mail tidak benar; contoh: nama@pontianak.go.id")
    if channel is Channel.TELEGRAM:
        if _CHAT.match(text):
            return text
        raise InputError("nomor obrolan Telegram tidak benar; contoh: 123456789 atau @namakanal")
    return _check_webhook(text)


def _check_webhook(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_right = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    else:
        is_right = is_right and parts.username is None and parts.password is None
    if not is_right or not text.isascii() or not text.isprintable() or len(text) > 200 or " " in text:
        raise InputError("alamat webhook tidak benar; contoh: https://layanan.example.id/pontive")
    return text


def quiet_until(now: datetime, begins: time, ends: time, zone: ZoneInfo) -> datetime | None:
    """Return when the quiet hours end in which ``now`` lies, or ``None`` outside them.

    They may go over midnight; equal times are no quiet hours at all.
    """
    local = now.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    if begins == ends:
        return None
    is_quiet = begins <= clock < ends if begins < ends else (clock >= begins or clock < ends)
    if not is_quiet:
        return None
    end = datetime.combine(local.date(), ends, zone)
    return end if end > local else end + timedelta(days=1)

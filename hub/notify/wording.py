"""What no message says: numbers of citizens and of civil servants, wherever they came from. Pure."""

import re

# A NIK has 16 digits (Perpres 67/2011), a NIP has 18 (BKN 22/2007), both often written in groups.
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ .-]?\d){14,18}(?!\d)")
HIDDEN = "[nomor disembunyikan]"


def without_personal_numbers(text: str) -> str:
    """Return a text in which what may be a NIK or a NIP is hidden."""
    return _LONG_NUMBER.sub(HIDDEN, text)

"""What the paper of a letter can show: the signs of Western European fonts, as Indonesian needs them. Pure.

A name with a hole in it is another name, so what cannot be printed is found when it is typed, not
when it is signed.
"""

# The encoding of the standard fonts of PDF (WinAnsiEncoding, ISO 32000-1:2008 annex D).
_ENCODING = "cp1252"


def unprintable_in(text: str) -> str:
    """Return the first sign of a text that no letter can show; empty when all can be shown."""
    return next((sign for sign in text if sign not in "\n\r\t" and not _is_shown(sign)), "")


def _is_shown(sign: str) -> bool:
    # What has no shape of its own, as a control sign or a tab, is drawn as a blank.
    return not sign.isprintable() or _is_encoded(sign)


def _is_encoded(sign: str) -> bool:
    try:
        sign.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return True

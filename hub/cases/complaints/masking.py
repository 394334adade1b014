"""What the public never reads, even where somebody typed it: numbers and addresses of people. Pure."""

import re

from hub.notify.wording import without_personal_numbers

# Indonesian numbers begin with 0 or +62 and are often written in groups; street numbers are shorter.
_PHONE = re.compile(r"(?<![\w+])(?:\+?62|0)[ .-]?8(?:[ .-]?\d){7,12}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
HIDDEN_PHONE, HIDDEN_EMAIL = "[nomor telepon disembunyikan]", "[alamat surel disembunyikan]"


def without_personal_data(text: str) -> str:
    """Return a text in which what may be a NIK, a telephone number or an e-mail address is hidden."""
    return without_personal_numbers(_PHONE.sub(HIDDEN_PHONE, _EMAIL.sub(HIDDEN_EMAIL, text)))

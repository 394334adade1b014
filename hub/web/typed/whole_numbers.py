"""Whole numbers in addresses and forms: taken only as large as the database holds them."""

from werkzeug.routing import IntegerConverter, Map

# SQLite and PostgreSQL keep a number in 64 bits, signed.
LARGEST = 2**63 - 1
_MOST_DIGITS = len(str(LARGEST))


class WholeNumberConverter(IntegerConverter):
    """The part ``<int:...>`` of an address; a number that no row can have is no address of ours."""

    regex = r"[0-9]{1,19}"

    def __init__(
        self,
        map: Map,  # noqa: A002  # Werkzeug's name
        fixed_digits: int = 0,
        min: int | None = None,  # noqa: A002  # Werkzeug's name
        max: int | None = LARGEST,  # noqa: A002  # Werkzeug's name
        signed: bool = False,
    ) -> None:
        """Take what a rule says about its number."""
        super().__init__(map, fixed_digits, min, max, signed)


def is_whole_number(text: str, largest: int = LARGEST) -> bool:
    """Tell whether a text is a number from 0 to ``largest``, in digits and nothing else."""
    # The length first: Python refuses to read thousands of digits.
    return len(text) <= _MOST_DIGITS and text.isascii() and text.isdecimal() and int(text) <= largest


def whole_number(text: str) -> int:
    """Read a number; made to be the ``type`` of ``request.args.get`` and ``request.form.get``.

    Raises:
        ValueError: it is none from 0 to :data:`LARGEST`.
    """
    if not is_whole_number(text):
        raise ValueError(f"{text[:20]!r} is no number from 0 to {LARGEST}")
    return int(text)

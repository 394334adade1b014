"""XML of strangers: cameras' answers, workbooks that people upload. A document with a DTD is told here.

Without a DTD there are no entities, and so nothing that explodes or reaches outside. Asked of the
parser and not of the bytes: in UTF-16, or after a long comment, a DTD looks like nothing to a search.
"""

from collections.abc import Iterable
from xml.parsers import expat


class _Told(Exception):  # noqa: N818 - an answer, not an error
    """Ends the reading early; ``args[0]`` is whether there is a DTD."""


def has_dtd(pieces: Iterable[bytes]) -> bool:
    """Return whether a document declares a type before its first element; what is no XML declares none.

    Args:
        pieces: The document, whole or in parts; read only as far as its first element.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _found
    parser.StartElementHandler = _not_found
    try:
        for piece in pieces:
            parser.Parse(piece)
    except _Told as told:
        return bool(told.args[0])
    except (expat.ExpatError, ValueError, LookupError):
        pass
    return False


def _found(*_declared: object) -> None:
    raise _Told(True)


def _not_found(*_element: object) -> None:
    raise _Told(False)

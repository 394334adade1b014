"""What cannot be taken back needs a tick besides the press: one field of a form, checked here.

The browser asks for it without any script (``required``); a request without it changes nothing.
"""

from flask import request
from werkzeug.exceptions import UnprocessableEntity

FIELD = "yakin"


def insist_on_sure() -> None:
    """Let a request pass only when its form says that whoever sent it is sure.

    Raises:
        UnprocessableEntity: the tick is missing; nothing was changed.
    """
    if request.form.get(FIELD) != "ya":
        raise UnprocessableEntity

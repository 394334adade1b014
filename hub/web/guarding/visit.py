"""What a browser carries in the signed cookie, and what of it outlives a change of who is signed in."""

from flask import session

PHONE_ENROLMENT = "phone_enrolment"
# How pages look is of the browser; who typed a code for a phone signs in to use it.
_OUTLIVES = ("language", "theme", PHONE_ENROLMENT)


def forget_visit() -> None:
    """Drop what belongs to who was here before, at signing in and at signing out.

    Form tokens of before must not be good afterwards, nor may the next one at this computer act for
    citizens whom the last one served.
    """
    kept = {name: session[name] for name in _OUTLIVES if name in session}
    session.clear()
    session.update(kept)

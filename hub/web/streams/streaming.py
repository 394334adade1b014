"""Server-sent events to one browser: what the streams of all pages have in common.

Must not know what is streamed: a concern's feed gives the messages, and the concern says who still
sees them.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from flask import Response, request
from sqlalchemy.orm import Session

from hub.people import sessions
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.web.guarding.guard import login_cookie_name
from hub.web.parts import Parts, parts
from hub.web.streams.fanout import Listener

# A closed browser is noticed at the next write; an ended session at the next look.
KEEPALIVE_S = 5.0
RIGHTS_EVERY_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One browser's place at a feed.

    ``listen`` is called when the stream begins and ``leave`` when it ends, however it ends.
    ``still_sees`` is asked again and again, with who holds the session now; ``tailor`` makes of a
    message what this viewer is told.
    """

    listen: Callable[[], Listener]
    leave: Callable[[Listener], None]
    still_sees: Callable[[Session, Viewer], bool]
    tailor: Callable[[str], str] = str


def event_stream(subscription: Subscription) -> Response:
    """Return the answer that streams a feed for as long as this session may see it."""
    here = parts()
    token = request.cookies[login_cookie_name(here.config.web.is_behind_tls)]
    response = Response(events(here, token, subscription), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def events(here: Parts, token: str, subscription: Subscription) -> Generator[str, None, None]:
    """Give the messages of a feed, a sign of life between them, and the end when the right is gone."""
    listener = subscription.listen()
    try:
        yield "retry: 2000\n\n"
        looked_at = here.now()
        while not listener.is_dropped:
            message = listener.get(KEEPALIVE_S)
            yield subscription.tailor(message) if message else ": masih di sini\n\n"
            if (here.now() - looked_at).total_seconds() >= RIGHTS_EVERY_S:
                looked_at = here.now()
                if not is_still_allowed(here, token, subscription.still_sees):
                    yield "event: ended\ndata: {}\n\n"
                    return
    finally:
        subscription.leave(listener)


def is_still_allowed(here: Parts, token: str, still_sees: Callable[[Session, Viewer], bool]) -> bool:
    """Ask whether a session lives and still sees the stream; an open wall counts as being used."""
    with here.database.reading() as db:
        viewer = sessions.find_viewer(db, token, here.now())
        if viewer is None or not still_sees(db, viewer):
            return False
    if viewer.is_seen_due and viewer.may(Permission.BOARD_DISPLAY):
        # A wall has nobody who clicks: being open is being used, up to the absolute limit.
        with here.database.writing() as db:
            sessions.touch(db, viewer.session_id, here.now())
    return True

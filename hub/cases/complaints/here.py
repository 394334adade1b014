"""What the screens of complaints are given by the composition root: the way to pictures of cameras."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from hub.people.sessions import Viewer


@dataclass(frozen=True, slots=True)
class TakenStill:
    """A picture that a camera took: the bytes of a JPEG and when."""

    content: bytes
    taken_at: datetime


class CameraStills(Protocol):
    """The newest pictures of cameras; whoever takes one is noted with the purpose before they see it."""

    def take(
        self, db: Session, *, device: str, camera: str, viewer: Viewer, purpose: str, now: datetime
    ) -> TakenStill:
        """Return the newest picture and note who took it.

        Raises:
            InputError: there is none, or the purpose is none of the declared ones.
        """
        ...


def install_stills(app: Flask, stills: CameraStills) -> None:
    """Let the views of an application take pictures of cameras."""
    app.extensions["pontive-complaint-stills"] = stills


def stills() -> CameraStills:
    """Return the way to pictures of the application that answers this request."""
    found: CameraStills = current_app.extensions["pontive-complaint-stills"]
    return found

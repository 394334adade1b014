"""How the cameras of a device code what is analysed: asked and set by commands, read from their answers.

Takes a session, never commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import MendStream, TellStream
from hub.ingest.models import DeviceCommand
from hub.ingest.saying.commands import ask_device
from hub.places.models import CityCamera
from hub.web.answers import Answer, Standing, answer_of
from hub.web.i18n import N_

_LIFE = timedelta(seconds=60)
_KINDS = frozenset({"tell-stream", "mend-stream"})
_MOST_COMMANDS = 100
# The words of edge/encoders/judging.py.
FAULTS: dict[str, str] = {
    "codec": N_("bukan H.264"),
    "key-frame": N_("gambar kunci lebih jarang dari tiap detik"),
    "fps": N_("bukan 8–15 gambar per detik"),
    "size": N_("lebar bukan 480–1280 titik"),
}


@dataclass(frozen=True, slots=True)
class StreamLook:
    """A camera's stream as it was last told; ``is_good`` ``None``: nobody asked, or it does not say."""

    camera: str
    is_good: bool | None
    detail: str = ""
    is_waiting: bool = False


def stream_looks(db: Session, device: str, now: datetime) -> tuple[StreamLook, ...]:
    """Return a look for each camera in duty, by id."""
    answers = _newest(db, device, now)
    query = select(CityCamera.id).where(CityCamera.device == device, CityCamera.is_retired.is_(False))
    return tuple(_look(camera, answers.get(camera)) for camera in db.scalars(query.order_by(CityCamera.id)))


def ask_stream(
    db: Session,
    device: str,
    camera: str,
    *,
    is_mending: bool,
    correlation: str,
    now: datetime,
    account: int | None,
) -> None:
    """Ask a device how a camera codes, or let it put that right."""
    command = MendStream(camera=camera) if is_mending else TellStream(camera=camera)
    ask_device(
        db, device=device, command=command, correlation=correlation, now=now, asked_by=account, life=_LIFE
    )


def _newest(db: Session, device: str, now: datetime) -> Mapping[str, Answer]:
    query = select(DeviceCommand).where(
        DeviceCommand.device == device, DeviceCommand.body.contains("-stream")
    )
    found: dict[str, Answer] = {}
    for row in db.scalars(query.order_by(DeviceCommand.id.desc()).limit(_MOST_COMMANDS)):
        body = msgspec.json.decode(row.body)
        if body["kind"] in _KINDS:
            found.setdefault(body["camera"], answer_of(row, now))
    return found


def _look(camera: str, answer: Answer | None) -> StreamLook:
    match None if answer is None else answer.standing:
        case None:
            return StreamLook(camera, None)
        case Standing.DONE if answer is not None:
            faults = str(answer.values.get("faults", "")).split()
            return StreamLook(camera, not faults, _words(answer, faults))
        case Standing.FAILED if answer is not None:
            return StreamLook(camera, None, answer.detail)
        case Standing.UNANSWERED:
            return StreamLook(camera, None, _("perangkat tidak menjawab; coba lagi"))
        case _:
            return StreamLook(camera, None, _("menunggu jawaban …"), is_waiting=True)


def _words(answer: Answer, faults: list[str]) -> str:
    values = answer.values
    said = _(
        "%(codec)s %(width)s×%(height)s, %(fps)s gambar/detik, gambar kunci tiap %(key)s detik",
        codec=values.get("codec", "?"),
        width=_number(values.get("width_px")),
        height=_number(values.get("height_px")),
        fps=_number(values.get("fps")),
        key=_number(values.get("key_frame_s")),
    )
    wrong = ", ".join(_(FAULTS[fault]) for fault in faults if fault in FAULTS)
    return f"{said}: {wrong}" if wrong else said


def _number(value: float | str | bool | None) -> str:
    return f"{value:g}".replace(".", ",") if isinstance(value, int | float) else "?"

"""What the hub may ask of a device, one struct a command."""

from typing import Annotated, Literal

import msgspec

from edge.wire.clips import MAX_CLIP_PIECES
from edge.wire.records.fields import ClipId, Message, SourceId


class TakeStill(Message, tag="take-still", tag_field="kind", frozen=True):
    """Publish a still of a camera now."""

    camera: SourceId


class RunSelftest(Message, tag="run-selftest", tag_field="kind", frozen=True):
    """Check cameras, doors, disk and clock, and reply with what was found."""


class SetInterval(Message, tag="set-interval", tag_field="kind", frozen=True):
    """Publish stills of a camera this often, until the agent restarts."""

    camera: SourceId
    still_every_s: Annotated[float, msgspec.Meta(ge=0.5, le=3600)]


class TellSettings(Message, tag="tell-settings", tag_field="kind", frozen=True):
    """Reply with the settings in force of a camera: ``settings`` (JSON), ``version``, ``origin``."""

    camera: SourceId


class LearnScale(Message, tag="learn-scale", tag_field="kind", frozen=True):
    """Watch the traffic for some seconds and reply with ``scale``; nothing is changed by it."""

    camera: SourceId


class SaveBackground(Message, tag="save-background", tag_field="kind", frozen=True):
    """Keep the empty scene of a camera on the device, for its next starts."""

    camera: SourceId


class CountWithMe(Message, tag="count-with-me", tag_field="kind", frozen=True):
    """Count for ``duration_s`` and reply with ``LINE.forward`` and ``LINE.backward`` of each line.

    ``LINE.sizes`` is how large each thing looked there, in rising order, as words of one text.
    """

    camera: SourceId
    duration_s: Annotated[float, msgspec.Meta(ge=2, le=300)] = 60.0


class ShowOverlay(Message, tag="show-overlay", tag_field="kind", frozen=True):
    """Send a still a second with tracks, lines and counts drawn in, for ``lease_s``; 0 ends it."""

    camera: SourceId
    lease_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 30.0


class TellPresets(Message, tag="tell-presets", tag_field="kind", frozen=True):
    """Reply with the places a turning camera remembers: ``presets``, JSON of token and name."""

    camera: SourceId


class GoToPreset(Message, tag="go-to-preset", tag_field="kind", frozen=True):
    """Turn a camera to a place it remembers; the reply says that it obeys, not that it is there."""

    camera: SourceId
    token: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


Share = Annotated[float, msgspec.Meta(ge=-1, le=1)]


class Steer(Message, tag="steer", tag_field="kind", frozen=True):
    """Turn a camera as long as this is repeated, every 400 ms; all zero stops it at once.

    Each is a share of the fastest: right, up and nearer are positive.
    """

    camera: SourceId
    pan: Share = 0.0
    tilt: Share = 0.0
    zoom: Share = 0.0


class TellStream(Message, tag="tell-stream", tag_field="kind", frozen=True):
    """Reply with how the camera codes what is analysed: ``codec``, ``width_px``, ``height_px``, ``fps``,
    ``key_frame_s``, and ``faults``, words of one text; empty: all as it should be.
    """

    camera: SourceId


class MendStream(Message, tag="mend-stream", tag_field="kind", frozen=True):
    """Set what :class:`TellStream` finds wrong in the camera, and reply with how it codes then."""

    camera: SourceId


class KeepClip(Message, tag="keep-clip", tag_field="kind", frozen=True):
    """Keep a clip of what a camera sees around now, on the device."""

    camera: SourceId


class SendClip(Message, tag="send-clip", tag_field="kind", frozen=True):
    """Send a kept clip on ``clip/<camera>``: these pieces of it, or all when none is named."""

    camera: SourceId
    clip: ClipId
    pieces: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=0, lt=MAX_CLIP_PIECES)], ...],
        msgspec.Meta(max_length=MAX_CLIP_PIECES),
    ] = ()


class SendLive(Message, tag="send-live", tag_field="kind", frozen=True):
    """Send the pictures of a camera on ``live/<camera>`` for ``lease_s``; 0 ends it.

    ``known_stream`` is the stream whose beginning the hub has; another one begins anew. ``quality``
    ``main`` is the camera's main stream, if the device knows one.
    """

    camera: SourceId
    lease_s: Annotated[float, msgspec.Meta(ge=0, le=120)] = 30.0
    known_stream: Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)] = 0
    quality: Literal["sub", "main"] = "sub"


class SendThumbs(Message, tag="send-thumbs", tag_field="kind", frozen=True):
    """Send a small picture of every camera each second on ``thumb/<camera>`` for ``lease_s``; 0 ends it.

    Without ``cameras`` all are meant. The widest of those that are asked for at a time is sent.
    """

    lease_s: Annotated[float, msgspec.Meta(ge=0, le=300)] = 60.0
    width_px: Annotated[int, msgspec.Meta(ge=64, le=960)] = 192
    cameras: Annotated[tuple[SourceId, ...], msgspec.Meta(max_length=64)] = ()


CameraOrder = (
    TakeStill
    | SetInterval
    | LearnScale
    | SaveBackground
    | CountWithMe
    | ShowOverlay
    | TellPresets
    | GoToPreset
    | KeepClip
    | SendLive
)
Command = CameraOrder | RunSelftest | TellSettings | SendClip | SendThumbs | Steer | TellStream | MendStream

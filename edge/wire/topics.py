"""Every MQTT topic of Pontive, built and taken apart in one place.

The direction comes before the device, so that the broker's access list is two patterns:
``write pontive/1/up/%u/#`` and ``read pontive/1/dn/%u/#``, where ``%u`` is the CN of the
client's certificate. Nothing is ever retained.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

ROOT = "pontive/1"

# The device id is put into access patterns and file names, hence the narrow alphabet.
DEVICE_ID_PATTERN = r"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
# A camera, door or sensor of one device.
SOURCE_ID_PATTERN = r"\A[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\Z"

_DEVICE_ID = re.compile(DEVICE_ID_PATTERN)
_SOURCE_ID = re.compile(SOURCE_ID_PATTERN)

# The second connection of a device, for video only, so that video never queues before records.
LIVE_CLIENT_SUFFIX = "-live"
HUB_USER = "hub"


class UpChannel(StrEnum):
    """What a device may say."""

    RECORDS = "records"
    STATE = "state"
    STILL = "still"
    LIVE = "live"
    THUMB = "thumb"
    CLIP = "clip"
    REPLY = "reply"


class DownChannel(StrEnum):
    """What a device is told."""

    ACK = "ack"
    CMD = "cmd"
    DESIRED = "desired"


# Channels whose topic ends with the camera that the bytes come from.
_WITH_SOURCE = frozenset({UpChannel.STILL, UpChannel.LIVE, UpChannel.THUMB, UpChannel.CLIP})


class TopicError(ValueError):
    """A topic, device id or source id that is not one of ours."""


@dataclass(frozen=True, slots=True)
class UpTopic:
    """A device-to-hub topic taken apart."""

    device: str
    channel: UpChannel
    source: str | None = None


def check_device_id(device: str) -> str:
    """Return ``device`` if it may stand in a topic.

    Raises:
        TopicError: it is not 1-63 characters of ``a-z 0-9 -``, or begins or ends with ``-``,
            or is the name of the hub itself.
    """
    if not _DEVICE_ID.match(device) or device == HUB_USER:
        raise TopicError(f"{device!r} is no device id (1-63 of a-z, 0-9 and inner -, not {HUB_USER!r})")
    return device


def check_source_id(source: str) -> str:
    """Return ``source`` if it may name a camera, door or sensor.

    Raises:
        TopicError: it is not 1-32 characters of ``a-z 0-9 -``, or begins or ends with ``-``.
    """
    if not _SOURCE_ID.match(source):
        raise TopicError(f"{source!r} is no source id (1-32 of a-z, 0-9 and inner -)")
    return source


def up(device: str, channel: UpChannel, source: str | None = None) -> str:
    """Build a device-to-hub topic.

    Args:
        device: The device that speaks.
        channel: What it says.
        source: The camera; needed for ``still``, ``live``, ``thumb`` and ``clip``, refused for the others.

    Raises:
        TopicError: an id is malformed, or ``source`` is missing or superfluous.
    """
    check_device_id(device)
    if (source is not None) != (channel in _WITH_SOURCE):
        raise TopicError(f"channel {channel} {'needs' if source is None else 'takes no'} source")
    topic = f"{ROOT}/up/{device}/{channel}"
    return topic if source is None else f"{topic}/{check_source_id(source)}"


def down(device: str, channel: DownChannel) -> str:
    """Build a hub-to-device topic.

    Raises:
        TopicError: the device id is malformed.
    """
    return f"{ROOT}/dn/{check_device_id(device)}/{channel}"


def down_filter(device: str) -> str:
    """Return the one filter a device subscribes to.

    Raises:
        TopicError: the device id is malformed.
    """
    return f"{ROOT}/dn/{check_device_id(device)}/#"


def up_filter(channel: UpChannel) -> str:
    """Return the hub's filter for one channel of all devices."""
    return f"{ROOT}/up/+/{channel}" + ("/+" if channel in _WITH_SOURCE else "")


def parse_up(topic: str) -> UpTopic:
    """Take a device-to-hub topic apart.

    Raises:
        TopicError: it is not a topic that :func:`up` would build.
    """
    levels = topic.split("/")
    if len(levels) not in (5, 6) or "/".join(levels[:2]) != ROOT or levels[2] != "up":
        raise TopicError(f"{topic!r} is not below {ROOT}/up")
    device, name = levels[3], levels[4]
    try:
        channel = UpChannel(name)
    except ValueError as error:
        raise TopicError(f"{name!r} is no channel") from error
    source = levels[5] if len(levels) == 6 else None
    up(device, channel, source)
    return UpTopic(device=device, channel=channel, source=source)

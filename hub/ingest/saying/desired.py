"""Documents the hub wants devices to have, sent on birth and on change.

What they are (rosters, revocations) is the business of whoever builds them; here they only
travel, a few at a time, so that a city that comes back does not stop the records.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

from edge.wire.messages import Desired, encode
from edge.wire.topics import DownChannel, down
from hub.db import Database
from hub.ingest.models import DevicePresence
from hub.ingest.taking.link import Link, Publish

log = logging.getLogger(__name__)

MOST_A_TURN = 8
# A device costs some 10 ms of questions: records must not wait for a city that comes back at once.
LONGEST_TURN_S = 0.05


class DesiredSource(Protocol):
    """Who knows what a device should have."""

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """Return the documents that are newer than what the device said it has."""

    def changed(self) -> Sequence[str]:
        """Return devices for which something changed since the last call."""


class NothingDesired:
    """The source of a hub that wants nothing of its devices."""

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """See :class:`DesiredSource`."""
        return ()

    def changed(self) -> Sequence[str]:
        """See :class:`DesiredSource`."""
        return ()


class SeveralSources:
    """Asks one source after the other, each for its own documents."""

    def __init__(self, *sources: DesiredSource) -> None:
        """Take the sources."""
        self._sources = sources

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """See :class:`DesiredSource`."""
        return [
            document
            for source in self._sources
            for document in source.for_device(
                device, roster_version=roster_version, config_version=config_version
            )
        ]

    def changed(self) -> Sequence[str]:
        """See :class:`DesiredSource`."""
        return sorted({device for source in self._sources for device in source.changed()})


class DesiredSender:
    """Queues devices that are due and serves a few at each turn."""

    def __init__(
        self,
        *,
        source: DesiredSource,
        link: Link,
        database: Database,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with nobody due."""
        self._monotonic_s = monotonic_s
        self._source = source
        self._link = link
        self._database = database
        self._due: OrderedDict[str, None] = OrderedDict()
        self._heard: set[str] = set()

    def born(self, device: str) -> None:
        """A device said that it is there: it is due."""
        self._heard.add(device)
        self._due[device] = None

    def heard(self, device: str) -> None:
        """A record came; the first since the hub started is as good as a birth that was missed."""
        if device not in self._heard:
            self.born(device)

    def look_for_changes(self) -> None:
        """Make devices due whose documents changed; those that are away are served at birth."""
        for device in self._source.changed():
            self._due[device] = None

    def turn(self) -> None:
        """Serve at most ``MOST_A_TURN`` devices, and no more when that took long."""
        began_s = self._monotonic_s()
        for device in list(self._due)[:MOST_A_TURN]:
            if self._monotonic_s() - began_s >= LONGEST_TURN_S:
                return
            del self._due[device]
            if not self._serve(device):
                self._due[device] = None
                return

    def _serve(self, device: str) -> bool:
        with self._database.reading() as session:
            presence = session.get(DevicePresence, device)
        if presence is None or not presence.is_online:
            return True
        documents = self._source.for_device(
            device,
            roster_version=presence.roster_version,
            config_version=presence.config_version,
        )
        topic = down(device, DownChannel.DESIRED)
        return all(
            self._link.say(Publish(topic=topic, payload=encode(document), qos=1)) for document in documents
        )

"""What a device says of itself on ``state``: its birth, its goodbye, and the will.

A birth that nobody heard (the broker was up, the hub was not) is said again as soon as the hub
shows itself by an acknowledgement; otherwise it would go on with what it knew before.
"""

from collections.abc import Callable

from edge.uplink.connection import Answered, MqttConnection
from edge.wire.messages import Offline, OfflineReason, Online, encode
from edge.wire.topics import UpChannel


class Presence:
    """The words of one device about itself."""

    def __init__(self, *, boot_id: str, birth: Callable[[], Online]) -> None:
        """Take what is told.

        Args:
            boot_id: Of this boot, for will and goodbye.
            birth: Makes what is said on each connection.
        """
        self.will = encode(Offline(boot_id=boot_id, reason=OfflineReason.WILL))
        self.farewell = encode(Offline(boot_id=boot_id, reason=OfflineReason.STOPPED))
        self._birth = birth
        self._message_id: int | None = None
        self._is_unheard = False

    def say_birth(self, connection: MqttConnection) -> None:
        """Publish the birth."""
        self._is_unheard = False
        self._message_id = connection.publish(UpChannel.STATE, encode(self._birth()))

    def answered(self, answered: Answered) -> bool:
        """Take the broker's answer; return whether it was about a birth."""
        if answered.message_id != self._message_id:
            return False
        self._is_unheard = not answered.is_taken
        return True

    def hub_was_heard(self, connection: MqttConnection) -> None:
        """Say the birth again if nobody was there to hear it."""
        if self._is_unheard:
            self.say_birth(connection)

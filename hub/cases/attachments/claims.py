"""A kept file in a form that is still being filled in: a sealed word that the browser brings back.

So a form that comes back with a fault need not be given its files again, and nobody can claim a
file by its digest that did not come through this door.
"""

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from hub.cases.attachments.kept import SUFFIXES, KeptFile

# Shorter than what nobody claims is kept (store.UNCLAIMED_FOR).
GOOD_FOR_S = 24 * 3600


class Claims:
    """Seals kept files for one place and reads the seals back."""

    def __init__(self, secret: str, place: str) -> None:
        """Take the hub's secret, and what the files are for: a service's code and the requirement."""
        self._serializer = URLSafeTimedSerializer(secret, salt=f"pontive kept file {place}")

    def seal(self, kept: KeptFile) -> str:
        """Return a word that stands for a kept file."""
        fields = [kept.sha256, kept.media_type, kept.size_bytes, kept.width, kept.height]
        return str(self._serializer.dumps(fields))

    def read(self, word: str) -> KeptFile | None:
        """Return the file that a word stands for; None when it is forged, too old, or for another place."""
        try:
            digest, media_type, *numbers = self._serializer.loads(word, max_age=GOOD_FOR_S)
            size_bytes, width, height = numbers
        except (BadData, ValueError, TypeError):
            return None
        return KeptFile(digest, media_type, size_bytes, width, height) if media_type in SUFFIXES else None


def claims_for(place: str) -> Claims:
    """Return what seals the files of one form of the application that answers this request."""
    return Claims(str(current_app.config["SECRET_KEY"]), place)

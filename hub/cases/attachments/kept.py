"""What a file is after it came through the door, and how one is turned away. Pure."""

from dataclasses import dataclass

from hub.cases.definition.form import FileKind
from hub.errors import InputError

JPEG, PDF = "image/jpeg", "application/pdf"
SUFFIXES = {JPEG: ".jpg", PDF: ".pdf"}


class RefusedUpload(InputError):  # noqa: N818 (the name of the contract; it is an answer, not a fault of ours)
    """A file that is not kept; ``reason`` is a sentence in Indonesian without the field's name."""

    def __init__(self, reason: str) -> None:
        """Take the sentence."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the store; width and height in pixels, 0 for what is no image."""

    sha256: str
    media_type: str
    size_bytes: int
    width: int
    height: int

    @property
    def kind(self) -> FileKind:
        """What a requirement calls it."""
        return FileKind.IMAGE if self.media_type == JPEG else FileKind.PDF

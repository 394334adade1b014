"""Files of the store as the engine takes them for a case. Pure."""

from collections.abc import Iterable, Mapping

from hub.cases.attachments.kept import KeptFile
from hub.cases.keeping.engine import AttachedFile, FileSource


def attached_file(requirement: str, kept: KeptFile, source: FileSource) -> AttachedFile:
    """Return one file for a requirement; what is no image has no width and height."""
    return AttachedFile(
        requirement=requirement,
        sha256=kept.sha256,
        media_type=kept.media_type,
        size_bytes=kept.size_bytes,
        source=source,
        width_px=kept.width or None,
        height_px=kept.height or None,
    )


def attached_files(files: Mapping[str, Iterable[KeptFile]], source: FileSource) -> tuple[AttachedFile, ...]:
    """Return the files of a form, requirement by requirement."""
    return tuple(attached_file(name, kept, source) for name, several in files.items() for kept in several)

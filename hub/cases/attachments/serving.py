"""A kept file on its way out. Whether somebody may have it was decided before this is called."""

from pathlib import Path

from flask import Response, send_file

from hub.cases.attachments import store
from hub.cases.attachments.kept import JPEG, SUFFIXES
from hub.errors import NotFoundError


def serve(folder: Path, digest: str, media_type: str, *, name: str, is_public: bool = False) -> Response:
    """Return a file: photos that we drew ourselves in the page, everything else to be saved.

    Args:
        folder: The store.
        digest: Of a row that was found for whoever asks, never of the address alone.
        media_type: Of the same row.
        name: What the saved file is called, without suffix; a word of ours, not what somebody typed.
        is_public: Anybody may have it, so that it may be kept on the way.

    Raises:
        NotFoundError: it is not in the store.
    """
    path = store.find(folder, digest, media_type)
    if path is None:
        raise NotFoundError(f"berkas {digest[:12]}")
    response = send_file(
        path,
        mimetype=media_type,
        as_attachment=media_type != JPEG,
        download_name=name + SUFFIXES[media_type],
        etag=digest,
        max_age=3600 if is_public else None,
    )
    response.headers["Cache-Control"] = "public, max-age=3600" if is_public else "private, no-store"
    # Also said for all pages; here it is what the file's safety hangs on.
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

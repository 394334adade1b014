"""Kept files on their way out: photos in the page, everything else to be saved."""

from pathlib import Path

import pytest
from flask import Flask

from hub.cases.attachments.kept import JPEG, PDF
from hub.cases.attachments.serving import serve
from hub.cases.attachments.store import put
from hub.errors import NotFoundError


def test_photos_are_shown_and_documents_are_saved(tmp_path: Path) -> None:
    digest, document = put(tmp_path, b"foto", JPEG), put(tmp_path, b"surat", PDF)
    with Flask("test").test_request_context():
        photo = serve(tmp_path, digest, JPEG, name="lampiran-1", is_public=True)
        saved = serve(tmp_path, document, PDF, name="lampiran-2")
        with pytest.raises(NotFoundError):
            serve(tmp_path, "0" * 64, PDF, name="lampiran-3")
    assert photo.headers["Content-Disposition"].startswith("inline")
    assert photo.headers["Cache-Control"] == "public, max-age=3600"
    assert saved.headers["Content-Disposition"] == "attachment; filename=lampiran-2.pdf"
    assert saved.headers["Cache-Control"] == "private, no-store"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    for response in (photo, saved):
        response.close()

"""PDFs whose signature was never committed are deleted: they name somebody and belong to nothing."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import or_, select

from hub.cases.attachments import store
from hub.cases.letters.models import LetterDocument
from hub.db import Database


def sweep_unsigned(database: Database, folder: Path, now: datetime) -> int:
    """Delete files that no letter refers to and that are two days old; return how many.

    Args:
        database: Where the archive is.
        folder: Of letters.
        now: The present.
    """

    def referenced(digests: Collection[str]) -> Collection[str]:
        by_file = or_(LetterDocument.file_sha256.in_(digests), LetterDocument.certified_sha256.in_(digests))
        with database.reading() as db:
            rows = db.execute(
                select(LetterDocument.file_sha256, LetterDocument.certified_sha256).where(by_file)
            ).all()
        return {digest for row in rows for digest in row}

    return store.sweep(folder, referenced, now)

"""Files that another program reads: replaced whole, so that it never finds a half."""

import os
import tempfile
from pathlib import Path

# The broker's supervisor is somebody else; nothing in here is secret.
READABLE_MODE = 0o644


def replace_file(path: Path, content: bytes) -> bool:
    """Replace a file if it holds something else; return whether it did.

    Raises:
        OSError: the folder cannot be written; the old file is untouched.
    """
    if path.exists() and path.read_bytes() == content:
        return False
    # Web and ingest may both write the certificate of one device: each a draft of its own.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), READABLE_MODE)
            os.fsync(file.fileno())
        Path(draft).replace(path)
    finally:
        # After a full disk the draft is still there.
        Path(draft).unlink(missing_ok=True)
    return True

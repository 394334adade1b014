"""Files that another program reads: replaced whole, so that it never finds a half."""

import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> bool:
    """Replace a file if it holds something else; return whether it did.

    Raises:
        OSError: the folder cannot be written; the old file is untouched.
    """
    if path.exists() and path.read_bytes() == content:
        return False
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return True

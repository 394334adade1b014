"""Writes the baseline revision anew from the models: ``python -m hub.migrations.baseline``.

Allowed only until the first release; from then on each change of models is a revision of its own.
"""

import tempfile
from pathlib import Path

from alembic import command

from hub.db import Database
from hub.migrations.schema import alembic_config

VERSIONS = Path(__file__).with_name("versions")
_HEAD_LINES = "# ruff: noqa: E501, I001, F401, RUF100 (written by Alembic, see hub.migrations.baseline)\n"


def main() -> None:
    """Replace the baseline."""
    for old in VERSIONS.glob("0001_*.py"):
        old.unlink()
    config = alembic_config()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message="baseline", autogenerate=True, rev_id="0001")
        database.close()
    written = next(VERSIONS.glob("0001_*.py"))
    written.write_text(_HEAD_LINES + written.read_text("utf-8"), "utf-8")


if __name__ == "__main__":
    main()

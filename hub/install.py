"""``pontive-hub install``: the name under which people look for it.

Certificates and the broker are provisioning's, which the hub must not know: this only becomes that
program, beside our own.
"""

import os
import sys
from pathlib import Path

import click


@click.command(
    add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}
)
@click.pass_context
def install(context: click.Context) -> None:
    """Make a hub of this Debian server: users, certificates, broker, units (--check, --help)."""
    program = str(Path(sys.executable).parent / "pontive-provision")
    os.execv(program, [program, "hub", "install", *context.args])  # noqa: S606 (our own program, no shell)

"""``pontive-hub user`` and ``pontive-hub audit``: accounts, and the chain of what was done with them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from hub.command_line import ReadyDatabase, config_option
from hub.errors import InputError
from hub.people import audit, sessions
from hub.people.models import RoleGrant
from hub.people.permissions import Role
from hub.people.second_factor.service import reset_factor
from hub.people.service import add_account, find_account, reset_password

FIRST_ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class _Accounts:
    """What the commands stand on."""

    ready: ReadyDatabase
    operator: str
    now: Callable[[], datetime]

    def add(self, config_path: Path, name: str, display_name: str, roles: tuple[str, ...]) -> None:
        with self.ready(config_path) as (_config, database), database.writing() as db:
            held = tuple(Role(role) for role in roles)
            made = add_account(
                db, name=name, display_name=display_name, roles=held, now=self.now(), actor=self.operator
            )
            click.echo(made.password)

    def add_first(self, config_path: Path) -> str | None:
        with self.ready(config_path) as (_config, database), database.writing() as db:
            # Officers of the examples may be there already; they make nobody an administrator.
            if db.scalars(select(RoleGrant.id).where(RoleGrant.role == Role.ADMIN).limit(1)).first():
                return None
            made = add_account(
                db,
                name=FIRST_ADMIN,
                display_name="Admin",
                roles=(Role.ADMIN,),
                now=self.now(),
                actor=self.operator,
            )
            return made.password

    def give_new_password(self, config_path: Path, name: str) -> None:
        with self.ready(config_path) as (_config, database), database.writing() as db:
            click.echo(reset_password(db, name=name, now=self.now(), actor=self.operator))

    def reset_second_step(self, config_path: Path, name: str) -> None:
        with self.ready(config_path) as (_config, database), database.writing() as db:
            account, now = find_account(db, name), self.now()
            if account is None:
                raise InputError(f"tidak ada akun {name!r}; periksa ejaannya")
            sessions.end_all(db, account_id=account.id, now=now)
            reset_factor(db, account=account, actor=self.operator, now=now)
        click.echo(f"{name}: no second step any more, signed out everywhere")


def account_commands(ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens; ``operator`` is who the audit names."""
    accounts = _Accounts(ready, operator, now)

    @click.group()
    def user() -> None:
        """Accounts that may sign in."""

    @user.command("add")
    @config_option
    @click.argument("name")
    @click.option("--display-name", default="", help="As shown on screens.")
    @click.option(
        "--role", "roles", multiple=True, type=click.Choice([str(role) for role in Role]), required=True
    )
    def add(config_path: Path, name: str, display_name: str, roles: tuple[str, ...]) -> None:
        """Make an account; its password is printed once and must be changed at the first login."""
        accounts.add(config_path, name, display_name, roles)

    @user.command("first")
    @config_option
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    def first(config_path: Path, is_json: bool) -> None:
        """Make the first administrator, ``admin``, if there is none; the password is printed once."""
        password = accounts.add_first(config_path)
        if is_json:
            click.echo(json.dumps({"name": FIRST_ADMIN, "password": password}))
        else:
            there = "There is an administrator already; a new password: pontive-hub user password NAME"
            click.echo(password or there)

    # The second name is the one people guess first.
    for name, is_hidden in (("password", False), ("reset", True)):
        user.add_command(_new_password(accounts, name, is_hidden=is_hidden))

    @user.command("reset-second-step")
    @config_option
    @click.argument("account")
    def reset_second_step(config_path: Path, account: str) -> None:
        """Let an account whose phone and recovery codes are gone set its second step up again."""
        accounts.reset_second_step(config_path, account)

    return user


def _new_password(accounts: _Accounts, name: str, *, is_hidden: bool) -> click.Command:
    @click.command(name, hidden=is_hidden)
    @config_option
    @click.argument("account")
    def new_password(config_path: Path, account: str) -> None:
        """Give an account a new password, printed once; it must be changed at the next login."""
        accounts.give_new_password(config_path, account)

    return new_password


def audit_commands(ready: ReadyDatabase) -> click.Group:
    """Return the commands on the chain, on a database that ``ready`` opens."""

    @click.group("audit")
    def audit_group() -> None:
        """The chain of who did what."""

    @audit_group.command("verify")
    @config_option
    def verify(config_path: Path) -> None:
        """Check that no entry was changed or taken out."""
        with ready(config_path) as (_config, database), database.reading() as db:
            broken = audit.first_broken(db)
        if broken is not None:
            raise click.ClickException(
                f"the chain is broken at entry {broken}: it or the one before was changed"
            )
        click.echo("The chain is whole.")

    return audit_group

"""What every page of registers asks first: which kind, how far, who and when."""

from datetime import date
from pathlib import Path

from hub.errors import NotFoundError
from hub.people.permissions import Permission
from hub.registers.keeping.listing import Row, one_row
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.names import names_for
from hub.registers.keeping.reach import EVERYTHING, RegisterReach, register_reach
from hub.registers.keeping.service import Actor, find_row
from hub.registers.kind.fields import Kind, Owner
from hub.registers.kind.rules import Names
from hub.web.guarding.guard import signed_in
from hub.web.parts import parts
from hub.web.transaction import db


def own_reach(permission: Permission = Permission.REGISTER_SEE) -> RegisterReach:
    """Return how far the viewer sees, or edits, now."""
    if signed_in().may(permission):
        return EVERYTHING
    return register_reach(db(), signed_in().account_id, permission, parts().now())


def today() -> date:
    """Return the date in the city."""
    return parts().now().astimezone(parts().zone).date()


def actor() -> Actor:
    """Return the viewer as somebody who changes rows."""
    return Actor(
        name=signed_in().name, now=parts().now(), today=today(), reach=own_reach(Permission.REGISTER_EDIT)
    )


def names_of(kind: Kind) -> Names:
    """Return what rows of a kind may name."""
    return names_for(db(), kind)


def seen_row(kind: Kind, number: int) -> Row:
    """Return a row that the viewer sees.

    Raises:
        NotFoundError: there is none, or it is beyond their reach.
    """
    return one_row(db(), find_row(db(), kind, number, own_reach(), today()), today())


def edited_row(kind: Kind, number: int) -> RegisterRow:
    """Return a row that the viewer may change.

    Raises:
        NotFoundError: there is none, or it is beyond their reach.
    """
    return find_row(db(), kind, number, own_reach(Permission.REGISTER_EDIT), today())


def may_edit(row: Row) -> bool:
    """Return whether the viewer may change a row that they see."""
    if not signed_in().may_somewhere(Permission.REGISTER_EDIT):
        return False
    return own_reach(Permission.REGISTER_EDIT).holds(row.owner)


def may_add(kind: Kind) -> bool:
    """Return whether the viewer may add rows of a kind."""
    if not signed_in().may_somewhere(Permission.REGISTER_EDIT):
        return False
    reach = own_reach(Permission.REGISTER_EDIT)
    return reach.is_city or (kind.owner is Owner.OPD and bool(reach.opds))


def insist_on_adding(kind: Kind) -> None:
    """Let only those on who may add rows of a kind.

    Raises:
        NotFoundError: they may not.
    """
    if not may_add(kind):
        raise NotFoundError(kind.code)


def pictures_folder() -> Path:
    """Return where stills of rows lie; the history refers to them, so none is ever swept."""
    return Path(parts().config.folder) / "register-files"

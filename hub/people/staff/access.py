"""Who may act on which employee, for the screens about employees: beyond reach is as if not there."""

from datetime import date

from hub.errors import NotFoundError
from hub.people.permissions import Permission
from hub.people.reach import Reach, reach_of
from hub.people.staff.directory import Directory, StaffLine
from hub.web.guarding.guard import signed_in
from hub.web.parts import parts
from hub.web.transaction import db


def own_reach(permission: Permission = Permission.STAFF_MANAGE) -> Reach:
    """Return for whom the viewer holds a permission now."""
    return reach_of(db(), signed_in().account_id, permission, parts().now())


def today() -> date:
    """Return the date in the city."""
    return parts().now().astimezone(parts().zone).date()


def directory() -> Directory:
    """Return the employees that the viewer manages."""
    return Directory(db(), own_reach(), today=today(), now=parts().now())


def employee(number: int) -> StaffLine:
    """Return an employee whom the viewer manages.

    Raises:
        NotFoundError: there is none, or not within reach.
    """
    found = directory().one(number) if 0 < number < 2**32 else None
    if found is None:
        raise NotFoundError(f"pegawai {number}")
    return found

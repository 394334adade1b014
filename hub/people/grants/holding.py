"""Whether somebody's own grants cover a role in a scope for a time. Pure.

One person's grants may cover a role together: each of its permissions must be held, in a scope
that holds the wanted one, for at least as long.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind

# It reaches oneself only, whatever scope its grant names.
_ABOUT_ONESELF = frozenset({Permission.HADIR_OWN})


@dataclass(frozen=True, slots=True)
class Hold:
    """A role in a scope until some time; ``None``: without an end."""

    role: Role
    kind: ScopeKind
    scope: str
    until: datetime | None = None


def covers(own: Iterable[Hold], wanted: Hold, opd_of_unit: Mapping[int, int]) -> bool:
    """Return whether somebody who holds ``own`` may hand ``wanted`` out, or take it away.

    Args:
        own: In force now.
        wanted: What is handed out.
        opd_of_unit: The OPD of each unit, by their numbers.
    """
    held = tuple(own)
    return all(
        any(_gives(hold, permission, wanted, opd_of_unit) for hold in held)
        for permission in PERMISSIONS_OF_ROLE[wanted.role]
    )


def _gives(hold: Hold, permission: Permission, wanted: Hold, opd_of_unit: Mapping[int, int]) -> bool:
    if permission not in PERMISSIONS_OF_ROLE[hold.role]:
        return False
    if not _lasts(hold.until, wanted.until):
        return False
    return permission in _ABOUT_ONESELF or _holds_scope(hold, wanted, opd_of_unit)


def _lasts(own: datetime | None, wanted: datetime | None) -> bool:
    return own is None or (wanted is not None and wanted <= own)


def _holds_scope(hold: Hold, wanted: Hold, opd_of_unit: Mapping[int, int]) -> bool:
    if hold.kind is ScopeKind.CITY or (hold.kind, hold.scope) == (wanted.kind, wanted.scope):
        return True
    if (hold.kind, wanted.kind) != (ScopeKind.OPD, ScopeKind.UNIT):
        return False
    is_number = wanted.scope.isdecimal()
    return is_number and str(opd_of_unit.get(int(wanted.scope))) == hold.scope

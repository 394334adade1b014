"""Who must have a second step. Pure."""

from collections.abc import Iterable

from hub.people.permissions import Role

# Who watches, turns, revokes, signs, decides, sees citizens' papers or hands out roles. Walls (display)
# have nobody to type a code; employees sign in for their own attendance alone.
MUST_HAVE = frozenset(
    {
        Role.ADMIN,
        Role.SUPERVISOR,
        Role.OPERATOR,
        Role.TECHNICIAN,
        Role.PERSONNEL,
        Role.COORDINATOR,
        Role.COUNTER_CLERK,
        Role.WARD_SECTION_HEAD,
        Role.LURAH,
        Role.DISTRICT_SECTION_HEAD,
        Role.CAMAT,
        Role.LICENSING_VERIFIER,
        Role.LICENSING_HEAD,
        Role.POPULATION_CLERK,
        Role.CLINIC_CLERK,
        Role.PRIVACY_OFFICER,
    }
)


def must_have(roles: Iterable[Role]) -> bool:
    """Return whether somebody with these roles must have a second step."""
    return not MUST_HAVE.isdisjoint(roles)

"""What may go wrong with a fleet; each case has one sentence and one remedy."""

from enum import StrEnum

from provisioning.errors import ProvisioningError


class Trouble(StrEnum):
    """Why something was not done."""

    NO_NETWORK = "no-network"
    BAD_TOKEN = "bad-token"  # noqa: S105 (the name of a trouble)
    CONFLICT = "conflict"
    RATE_LIMIT = "rate-limit"
    NOT_THERE = "not-there"
    REFUSED = "refused"
    # The API said nothing against it, and yet reading back shows something else.
    UNCONFIRMED = "unconfirmed"


class FleetError(ProvisioningError):
    """A fleet did not do what was asked; the message names the thing and the remedy."""

    def __init__(self, trouble: Trouble, message: str) -> None:
        """Keep why."""
        super().__init__(message)
        self.trouble = trouble


def unconfirmed(what: str) -> FleetError:
    """Return the error of an action whose effect cannot be read back."""
    return FleetError(
        Trouble.UNCONFIRMED,
        f"{what}: accepted, but not there when read back; look at the dashboard and repeat",
    )


def not_there(what: str) -> FleetError:
    """Return the error of something that the API does not know, or that this token may not see."""
    return FleetError(Trouble.NOT_THERE, f"{what} is not there, or this token may not see it")

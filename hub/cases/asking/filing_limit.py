"""How many cases one address may file in an hour, by whichever door: services, complaints, programs."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Response

from hub.web.guarding.limits import limiter

# A family behind one router files no more in an hour; each case is work for somebody.
FILED_PER_ADDRESS = "20 per hour"

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def limit_filing(
    *, is_filed: Callable[[Response], bool], is_exempt: Callable[[], bool] | None = None
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Count what a view files together with what all other doors file.

    Args:
        is_filed: Whether an answer says that a case was filed; nothing else is counted.
        is_exempt: Whether who asks is not counted at all.
    """
    limit = limiter.shared_limit(
        FILED_PER_ADDRESS, scope="filed", deduct_when=is_filed, exempt_when=is_exempt
    )

    def declare(view: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        return limit(view)

    return declare


def is_led_to_receipt(response: Response) -> bool:
    """Return whether a page with a form answered that it was filed."""
    return response.status_code == 303

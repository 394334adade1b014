"""The section ``[updates]`` of ``hub.toml``."""

from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section


class UpdateSettings(Section, frozen=True):
    """Where bundles lie, and where devices fetch them.

    ``url`` is the hub's address as devices see it; empty: that of ``[enrolment]``, else of ``[web]``.
    A permit to fetch is good for ``permit_hours`` and is renewed by itself.
    """

    folder: str = "releases"
    url: Annotated[str, msgspec.Meta(pattern=r"\A(?:https?://[^\s]+)?\Z", max_length=200)] = ""
    permit_hours: Annotated[int, msgspec.Meta(ge=1, le=168)] = 24

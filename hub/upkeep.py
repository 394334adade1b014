"""The ``[operating]`` and ``[retention]`` sections of ``hub.toml``."""

from typing import Annotated, Literal

import msgspec

from edge.wire.strict_toml import Section


class OperatingSettings(Section, frozen=True):
    """Who may read ``/metrics``, and how the hub writes its log.

    ``metrics_from`` are networks that need nothing else; anybody else needs the token of
    ``metrics_token_file`` (``Authorization: Bearer``). ``log``: lines for people, or JSON for programs.
    """

    metrics_from: tuple[Annotated[str, msgspec.Meta(max_length=50)], ...] = ("127.0.0.0/8", "::1/128")
    metrics_token_file: str = ""
    log: Literal["text", "json"] = "text"
    # Where ingest answers /metrics too, on this machine; 0: nowhere. Worker n answers n ports further.
    ingest_metrics_port: Annotated[int, msgspec.Meta(ge=0, le=65_000)] = 0
    disk_free_share: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.1
    # Below it /healthz says 503: a photo, a day's journal of the database and its copy no longer fit.
    disk_least_mib: Annotated[int, msgspec.Meta(ge=1, le=1_048_576)] = 64


class RetentionLimit(Section, frozen=True):
    """Another number of days for a table that the shipped schedule purges."""

    table: Annotated[str, msgspec.Meta(pattern=r"\A[a-z_]{1,63}\Z")]
    days: Annotated[int, msgspec.Meta(ge=30, le=36_600)]


class RetentionSettings(Section, frozen=True):
    """How long rows are kept where the city decides otherwise; everything else as shipped."""

    limits: tuple[RetentionLimit, ...] = ()

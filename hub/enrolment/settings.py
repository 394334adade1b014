"""The section ``[enrolment]`` of ``hub.toml``."""

from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section


class EnrolmentSettings(Section, frozen=True):
    """How devices are put into service.

    ``folder`` holds ``issuing.key``, ``issuing.pem`` and ``ca.pem`` (and ``previous.key`` and
    ``previous.pem`` while authorities change); without them nobody is enrolled. What the broker must
    know goes into ``broker_files``. Empty ``broker_host`` and 0 are those of ``[broker]``, an empty
    ``url`` is the address under which the technician sees the hub.
    """

    folder: str = "issuing"
    broker_files: str = "for-broker"
    url: Annotated[str, msgspec.Meta(pattern=r"\A(?:https?://\S+)?\Z", max_length=200)] = ""
    broker_host: Annotated[str, msgspec.Meta(max_length=253)] = ""
    broker_port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    claim_hours: Annotated[int, msgspec.Meta(ge=1, le=336)] = 48
    certificate_days: Annotated[int, msgspec.Meta(ge=2, le=825)] = 90

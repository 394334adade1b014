"""What GeoReport v2 says, as values: fields are named and ordered as the specification has them.

Source: GeoReport v2 (open311.org, frozen 2011), service discovery (2010), and the updates
extension of FixMyStreet. Must not know where the facts come from, nor how they are written.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

# Written only when there is something: the specification forbids or does not know it otherwise.
_IF_ANY = {"is_only_if_any": True}


@dataclass(frozen=True, slots=True)
class Degrees:
    """A latitude or longitude; 0.0 is the equator, a place of this city."""

    value: float

    def __str__(self) -> str:
        """Return six decimals, always: importers that test for truth lose a bare 0."""
        return f"{self.value:.6f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One kind of request that is taken."""

    element: ClassVar[str] = "service"

    service_code: str
    service_name: str
    description: str
    metadata: bool = True
    type: str = "realtime"
    keywords: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One answer of a list."""

    element: ClassVar[str] = "value"

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One more question of a service; ``order`` counts from one."""

    element: ClassVar[str] = "attribute"

    variable: bool = True
    code: str
    datatype: str
    required: bool
    datatype_description: str
    order: int
    description: str
    values: tuple[Value, ...] | None = field(default=None, metadata=_IF_ANY)


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """The questions of a service."""

    element: ClassVar[str] = "service_definition"

    service_code: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One complaint as everybody may see it; ``status`` is ``open`` or ``closed``."""

    element: ClassVar[str] = "request"

    service_request_id: str
    status: str
    status_notes: str | None
    service_name: str
    service_code: str
    description: str
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: Degrees | None
    long: Degrees | None
    media_url: str | None


@dataclass(frozen=True, slots=True)
class Filed:
    """The answer to a request that was taken."""

    element: ClassVar[str] = "request"

    service_request_id: str
    service_notice: str
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Something that happened to a request (extension of FixMyStreet)."""

    element: ClassVar[str] = "request_update"

    update_id: str
    service_request_id: str
    status: str
    updated_datetime: datetime
    description: str
    media_url: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateFiled:
    """The answer to an update that was taken."""

    element: ClassVar[str] = "request_update"

    update_id: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is not answered; ``code`` is that of HTTP."""

    element: ClassVar[str] = "error"

    code: int
    description: str


@dataclass(frozen=True, slots=True)
class Format:
    """A media type that is answered in; in JSON the bare text."""

    element: ClassVar[str] = "format"

    text: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a specification is served."""

    element: ClassVar[str] = "endpoint"

    specification: str
    url: str
    changeset: str
    type: str
    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What is served where, and whom to ask for a key."""

    element: ClassVar[str] = "discovery"

    changeset: str
    contact: str
    key_service: str
    endpoints: tuple[Endpoint, ...]


Document = (
    Service | ServiceDefinition | Request | Filed | Update | UpdateFiled | Problem | Discovery
)  # fmt: skip

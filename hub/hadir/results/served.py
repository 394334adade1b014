"""Since when a reader stands where somebody works: what nobody could scan accuses nobody. Pure."""

from datetime import datetime

import msgspec


class Service(msgspec.Struct, frozen=True, gc=False):
    """The readers of a workplace.

    ``since`` is when the first of them was heard for the first time; ``None``: never. Where
    ``has_reader`` is false the workplace has none of its own, and ``since`` is that of the city.
    """

    since: datetime | None
    has_reader: bool = True

    def saw(self, opened_at: datetime, *, is_seen_twice: bool) -> bool:
        """Return whether a day can be held against somebody.

        Args:
            opened_at: When scans of that day's arrival begin to count.
            is_seen_twice: Whether the person was seen to come and to go, at whatever reader.
        """
        if self.since is None or self.since > opened_at:
            return False
        return self.has_reader or is_seen_twice


def service_at(site: str, by_site: dict[str, Service]) -> Service:
    """Return the service of a site; of one without readers that of the city, ``""``, marked as such."""
    found = by_site.get(site)
    if found is not None:
        return found
    city = by_site.get("")
    return Service(city.since if city else None, has_reader=False)

"""The actions of the API, one function each: a question in, a result in CKAN's shape out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hub.interop.opendata import ckan
from hub.interop.opendata.asking import Given, read_flag, read_number, read_question, read_text, read_wanted
from hub.interop.opendata.catalogue import Catalogue
from hub.interop.opendata.ckan import Json, Publisher
from hub.interop.opendata.search import SearchError, answer
from hub.interop.opendata.shape import Dataset, slug

CKAN_VERSION = "2.11.0"
_PAGE = 1000


class UnknownThingError(Exception):
    """What was asked for is not in the catalogue."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What an action may use."""

    db: Session
    today: date
    catalogue: Catalogue
    publisher: Publisher

    def package(self, dataset: Dataset) -> dict[str, Json]:
        """Return a dataset with the moment of its last change."""
        return ckan.package(dataset, self.publisher, dataset.changed_at(self.db, self.today))


Action = Callable[[Desk, Given], Json]


def status_show(desk: Desk, _given: Given) -> Json:
    """Say what answers here."""
    return {
        "ckan_version": CKAN_VERSION,
        "site_title": desk.publisher.title,
        "site_url": desk.publisher.root,
        "site_description": "",
        "locale_default": "id",
        "extensions": ["datastore"],
        "error_emails_to": None,
    }


def site_read(_desk: Desk, _given: Given) -> Json:
    """Say that anybody may read."""
    return True


def package_list(desk: Desk, given: Given) -> Json:
    """List the names of all datasets."""
    return [dataset.name for dataset in _page(desk, given)]


def current_package_list_with_resources(desk: Desk, given: Given) -> Json:
    """List all datasets whole."""
    return [desk.package(dataset) for dataset in _page(desk, given)]


def package_show(desk: Desk, given: Given) -> Json:
    """Give one dataset."""
    dataset = ckan.found_package(desk.catalogue, read_wanted(given))
    if dataset is None:
        raise UnknownThingError
    return desk.package(dataset)


def package_search(desk: Desk, given: Given) -> Json:
    """Find datasets by words, tag, group and publisher."""
    narrowed = _narrowed(read_text(given, "fq"))
    is_ours = narrowed.get("organization", desk.publisher.name) == desk.publisher.name
    found = desk.catalogue.found(
        read_text(given, "q"), group=narrowed.get("groups", ""), tag=narrowed.get("tags", "")
    )
    found = found if is_ours else ()
    start = read_number(given, "start", 0, most=_PAGE)
    rows = read_number(given, "rows", 10, most=_PAGE)
    return {
        "count": len(found),
        "sort": "name asc",
        "facets": {},
        "search_facets": {},
        "results": [desk.package(dataset) for dataset in found[start : start + rows]],
    }


def resource_show(desk: Desk, given: Given) -> Json:
    """Give one file of a dataset."""
    dataset, form = _resource(desk, read_wanted(given))
    return ckan.resource(dataset, form, desk.publisher, dataset.changed_at(desk.db, desk.today))


def organization_list(desk: Desk, given: Given) -> Json:
    """List who publishes."""
    return [_organization(desk) if read_flag(given, "all_fields") else desk.publisher.name]


def organization_show(desk: Desk, given: Given) -> Json:
    """Give the publisher."""
    wanted = read_wanted(given)
    if wanted not in (desk.publisher.name, ckan.identifier("organization", desk.publisher.name)):
        raise UnknownThingError
    return _organization(desk)


def group_list(desk: Desk, given: Given) -> Json:
    """List the groups."""
    groups = desk.catalogue.groups()
    return [ckan.group(label) for label in groups.values()] if read_flag(given, "all_fields") else [*groups]


def group_show(desk: Desk, given: Given) -> Json:
    """Give one group with its datasets."""
    wanted = read_wanted(given)
    for name, label in desk.catalogue.groups().items():
        if wanted in (name, ckan.identifier("group", name)):
            members = desk.catalogue.found(group=name)
            return ckan.group(label) | {
                "package_count": len(members),
                "packages": [desk.package(dataset) for dataset in members],
            }
    raise UnknownThingError


def tag_list(desk: Desk, given: Given) -> Json:
    """List the tags."""
    text = slug(read_text(given, "query")) if given.get("query") else ""
    names = [name for name in desk.catalogue.words() if text in name]
    return [ckan.tag(name) for name in names] if read_flag(given, "all_fields") else names


def license_list(desk: Desk, _given: Given) -> Json:
    """List the licences in use."""
    return ckan.licences(desk.catalogue)


def datastore_search(desk: Desk, given: Given) -> Json:
    """Give rows of a dataset: filtered, searched, ordered, one page."""
    wanted = read_wanted(given, "resource_id")
    dataset, _form = _resource(desk, wanted)
    question = read_question(given, dataset.ids)
    total = dataset.count(desk.db, desk.today) if question.is_of_all else None
    found = answer(dataset.rows(desk.db, desk.today), question, total=total)
    shown = [column for column in dataset.columns if not question.columns or column.id in question.columns]
    as_lists = read_text(given, "records_format", "objects") == "lists"
    records: Json = [
        [row.get(column.id) for column in shown] if as_lists else dict(row) for row in found.rows
    ]
    return {
        "resource_id": ckan.resource_id(dataset, "csv"),
        "fields": [ckan.field(column) for column in shown],
        "records": records,
        "records_format": "lists" if as_lists else "objects",
        "limit": question.limit,
        "offset": question.offset,
        "total": found.total,
        "total_was_estimated": False,
        "include_total": True,
        "q": question.text,
        "filters": dict(given.get("filters") or {}),
        "_links": _links(ckan.resource_id(dataset, "csv"), question.offset, question.limit),
    }


def datastore_info(desk: Desk, given: Given) -> Json:
    """Give the columns of a dataset and how many rows it has."""
    wanted = given.get("id") or given.get("resource_id") or ""
    dataset, _form = _resource(desk, read_wanted({"id": wanted}))
    count = dataset.count(desk.db, desk.today)
    if count is None:
        count = sum(1 for _row in dataset.rows(desk.db, desk.today))
    return {
        "meta": {"id": ckan.resource_id(dataset, "csv"), "count": count, "table_type": "BASE TABLE"},
        "fields": [ckan.field(column) for column in dataset.columns],
    }


ACTIONS: Mapping[str, Action] = {
    action.__name__: action
    for action in (
        *(status_show, site_read, package_list, current_package_list_with_resources, package_show),
        *(package_search, resource_show, organization_list, organization_show, group_list, group_show),
        *(tag_list, license_list, datastore_search, datastore_info),
    )
}


def _page(desk: Desk, given: Given) -> tuple[Dataset, ...]:
    offset = read_number(given, "offset", 0, most=_PAGE)
    limit = read_number(given, "limit", _PAGE, most=_PAGE)
    ordered = sorted(desk.catalogue.datasets, key=lambda dataset: dataset.name)
    return tuple(ordered[offset : offset + limit])


def _resource(desk: Desk, wanted: str) -> tuple[Dataset, str]:
    found = ckan.found_resource(desk.catalogue, wanted)
    if found is None:
        raise UnknownThingError
    return found


def _organization(desk: Desk) -> dict[str, Json]:
    return ckan.organization(desk.publisher) | {"package_count": len(desk.catalogue.datasets)}


def _narrowed(query: str) -> dict[str, str]:
    """Read ``groups:harga tags:"register"``; what is not known narrows nothing, so it is an error."""
    found: dict[str, str] = {}
    for part in query.replace("+", " ").split():
        name, _colon, value = part.partition(":")
        if name not in ("groups", "tags", "organization") or not value:
            raise SearchError("fq", f"{part!r}: only groups:, tags: and organization: narrow here")
        found[name] = value.strip('"')
    return found


def _links(resource: str, offset: int, limit: int) -> dict[str, Json]:
    start = f"/api/3/action/datastore_search?resource_id={resource}&limit={limit}"
    following = f"{start}&offset={offset + limit}"
    links: dict[str, Json] = {"start": start, "next": following}
    return links if offset == 0 else links | {"prev": f"{start}&offset={max(0, offset - limit)}"}

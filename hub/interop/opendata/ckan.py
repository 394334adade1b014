"""Datasets in the shapes of CKAN's Action API, version 3 (CKAN 2.11 documentation, 2024). Pure.

Only reading: what a client needs to list, search and fetch. Identifiers are made from names, so that
they stay the same over restarts and on every machine.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.interop.opendata.catalogue import Catalogue, tags_of
from hub.interop.opendata.shape import FREQUENCY_CODES, Cell, Column, Dataset, slug

Json = Cell | bool | Mapping[str, "Json"] | Sequence["Json"]

# The files of a dataset, first the one whose rows can be asked for.
FORMATS: dict[str, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "pontive:open-data")


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, and where the hub is reached (without a slash at the end)."""

    title: str
    root: str

    @property
    def name(self) -> str:
        """The publisher's name in addresses."""
        return slug(self.title)


def identifier(*parts: str) -> str:
    """Return the UUID of something by its names."""
    return str(uuid.uuid5(_NAMES, "/".join(parts)))


def resource_id(dataset: Dataset, form: str) -> str:
    """Return the identifier of one file of a dataset."""
    return identifier("resource", dataset.name, form)


def package(dataset: Dataset, publisher: Publisher, changed_at: datetime | None) -> dict[str, Json]:
    """Return a dataset as ``package_show`` gives it."""
    modified = _moment(changed_at)
    resources = [resource(dataset, form, publisher, changed_at) for form in FORMATS]
    return {
        "id": identifier("package", dataset.name),
        "name": dataset.name,
        "title": dataset.title,
        "notes": dataset.notes,
        "type": "dataset",
        "state": "active",
        "private": False,
        "isopen": True,
        "license_id": dataset.licence.id,
        "license_title": dataset.licence.title,
        "license_url": dataset.licence.url,
        "author": publisher.title,
        "maintainer": publisher.title,
        "url": f"{publisher.root}/data/{dataset.name}",
        "version": None,
        "metadata_created": modified,
        "metadata_modified": modified,
        "owner_org": identifier("organization", publisher.name),
        "organization": organization(publisher),
        "groups": [group(dataset.group)],
        "tags": [tag(name) for name in tags_of(dataset)],
        "extras": _extras(dataset),
        "resources": resources,
        "num_resources": len(resources),
        "num_tags": len(tags_of(dataset)),
    }


def resource(
    dataset: Dataset, form: str, publisher: Publisher, changed_at: datetime | None
) -> dict[str, Json]:
    """Return one file of a dataset as ``resource_show`` gives it."""
    return {
        "id": resource_id(dataset, form),
        "package_id": identifier("package", dataset.name),
        "name": f"{dataset.title} ({form.upper()})",
        "description": dataset.notes,
        "format": form.upper(),
        "mimetype": FORMATS[form],
        "url": f"{publisher.root}/data/{dataset.name}.{form}",
        "url_type": None,
        "state": "active",
        "position": list(FORMATS).index(form),
        "created": _moment(changed_at),
        "last_modified": _moment(changed_at),
        "datastore_active": form == "csv",
        "size": None,
        "hash": "",
    }


def organization(publisher: Publisher) -> dict[str, Json]:
    """Return who publishes."""
    return {
        "id": identifier("organization", publisher.name),
        "name": publisher.name,
        "title": publisher.title,
        "display_name": publisher.title,
        "type": "organization",
        "is_organization": True,
        "state": "active",
        "approval_status": "approved",
        "description": "",
        "image_url": "",
    }


def group(label: str) -> dict[str, Json]:
    """Return a group by its label."""
    name = slug(label)
    return {
        "id": identifier("group", name),
        "name": name,
        "title": label,
        "display_name": label,
        "description": "",
        "type": "group",
        "is_organization": False,
        "state": "active",
    }


def tag(name: str) -> dict[str, Json]:
    """Return a tag."""
    return {
        "id": identifier("tag", name),
        "name": name,
        "display_name": name,
        "state": "active",
        "vocabulary_id": None,
    }


def field(column: Column) -> dict[str, Json]:
    """Return a column as ``datastore_search`` gives it."""
    info = {"label": column.label, "notes": column.notes, "unit": column.unit}
    return {
        "id": column.id,
        "type": column.type.value,
        "info": {name: said for name, said in info.items() if said},
    }


def licences(catalogue: Catalogue) -> list[dict[str, Json]]:
    """Return the licences that are in use."""
    used = {dataset.licence.id: dataset.licence for dataset in catalogue.datasets}
    return [
        {"id": one.id, "title": one.title, "url": one.url, "status": "active", "od_conformance": "approved"}
        for one in used.values()
    ]


def found_resource(catalogue: Catalogue, wanted: str) -> tuple[Dataset, str] | None:
    """Return the dataset and format of a resource; a dataset's own name stands for its rows."""
    for dataset in catalogue.datasets:
        if dataset.name == wanted:
            return dataset, "csv"
        for form in FORMATS:
            if resource_id(dataset, form) == wanted:
                return dataset, form
    return None


def found_package(catalogue: Catalogue, wanted: str) -> Dataset | None:
    """Return a dataset by its name or its identifier."""
    for dataset in catalogue.datasets:
        if wanted in (dataset.name, identifier("package", dataset.name)):
            return dataset
    return None


def _extras(dataset: Dataset) -> list[dict[str, Json]]:
    said = {
        "frequency": FREQUENCY_CODES[dataset.frequency],
        "frekuensi": dataset.frequency.value,
        "sumber": dataset.source,
    }
    return [{"key": name, "value": value} for name, value in said.items() if value]


def _moment(at: datetime | None) -> str | None:
    """Return a moment as CKAN writes it: UTC, without an offset."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")

"""The catalogue as DCAT 3 (W3C, 2024) in JSON-LD, for harvesters of other portals. Pure."""

from collections.abc import Iterable
from datetime import datetime

from hub.interop.opendata.catalogue import tags_of
from hub.interop.opendata.ckan import FORMATS, Json, Publisher
from hub.interop.opendata.shape import FREQUENCY_CODES, Dataset

_FREQUENCIES = "http://publications.europa.eu/resource/authority/frequency"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types"

_CONTEXT: dict[str, Json] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def document(found: Iterable[tuple[Dataset, datetime | None]], publisher: Publisher) -> dict[str, Json]:
    """Return the whole catalogue.

    Args:
        found: Datasets with the moment of their last change.
        publisher: Who publishes, and under which address.
    """
    who: dict[str, Json] = {"@type": "foaf:Organization", "foaf:name": publisher.title}
    return {
        "@context": _CONTEXT,
        "@id": f"{publisher.root}/data",
        "@type": "dcat:Catalog",
        "dcterms:title": {"@value": f"Data terbuka {publisher.title}", "@language": "id"},
        "dcterms:publisher": who,
        "dcterms:language": "id",
        "dcat:dataset": [_dataset(dataset, at, publisher, who) for dataset, at in found],
    }


def _dataset(
    dataset: Dataset, changed_at: datetime | None, publisher: Publisher, who: dict[str, Json]
) -> dict[str, Json]:
    address = f"{publisher.root}/data/{dataset.name}"
    described: dict[str, Json] = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dcterms:identifier": dataset.name,
        "dcterms:title": {"@value": dataset.title, "@language": "id"},
        "dcterms:description": {"@value": dataset.notes, "@language": "id"},
        "dcterms:publisher": who,
        "dcterms:license": {"@id": dataset.licence.url},
        "dcterms:accrualPeriodicity": {"@id": f"{_FREQUENCIES}/{FREQUENCY_CODES[dataset.frequency]}"},
        "dcat:keyword": list(tags_of(dataset)),
        "dcat:landingPage": {"@id": address},
        "dcat:distribution": [
            _distribution(dataset, form, media, address) for form, media in FORMATS.items()
        ],
    }
    if dataset.source:
        described["dcterms:provenance"] = dataset.source
    if changed_at is not None:
        described["dcterms:modified"] = {"@value": changed_at.isoformat(), "@type": "xsd:dateTime"}
    return described


def _distribution(dataset: Dataset, form: str, media: str, address: str) -> dict[str, Json]:
    return {
        "@type": "dcat:Distribution",
        "dcterms:title": f"{dataset.title} ({form.upper()})",
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}/{media}"},
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": f"{address}.{form}"},
        "dcterms:license": {"@id": dataset.licence.url},
    }

"""The list of all datasets: found by name, by words, by group. Pure but for the sources it asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.interop.opendata.shape import Dataset, DatasetSource, slug


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is published, in the order of the sources."""

    datasets: tuple[Dataset, ...]

    def one(self, name: str) -> Dataset | None:
        """Return a dataset by its name."""
        return next((dataset for dataset in self.datasets if dataset.name == name), None)

    def groups(self) -> dict[str, str]:
        """Return the groups by their names in addresses, each with its label, in order."""
        return {slug(dataset.group): dataset.group for dataset in self.datasets}

    def words(self) -> tuple[str, ...]:
        """Return every tag that a dataset carries, in alphabetical order."""
        return tuple(sorted({tag for dataset in self.datasets for tag in tags_of(dataset)}))

    def found(self, text: str = "", *, group: str = "", tag: str = "") -> tuple[Dataset, ...]:
        """Return the datasets in which every word of a text occurs.

        Args:
            text: Words; upper case and order do not matter; ``*:*`` and nothing find everything.
            group: Only of this group.
            tag: Only with this tag.
        """
        words = () if text.strip() == "*:*" else tuple(text.lower().split())
        return tuple(
            dataset
            for dataset in self.datasets
            if group in ("", slug(dataset.group))
            and (not tag or tag in tags_of(dataset))
            and all(word in _text_of(dataset) for word in words)
        )


def catalogue_of(sources: Iterable[DatasetSource]) -> Catalogue:
    """Ask every source.

    Raises:
        ValueError: two datasets have one name.
    """
    datasets: Sequence[Dataset] = tuple(dataset for source in sources for dataset in source())
    names = [dataset.name for dataset in datasets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"datasets with one name: {', '.join(twice)}")
    return Catalogue(tuple(datasets))


def tags_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the tags of a dataset: its group and its words."""
    return tuple(dict.fromkeys(slug(word) for word in (dataset.group, *dataset.words)))


def _text_of(dataset: Dataset) -> str:
    labels = (column.label for column in dataset.columns)
    said = (dataset.name, dataset.title, dataset.notes, dataset.group, *dataset.words, *labels)
    return " ".join(said).lower()

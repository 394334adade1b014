"""What a detector found over a period, as the record says it. Pure."""

from collections import Counter
from collections.abc import Iterable

from edge.wire.records.camera_bodies import ObjectCount

_MOST_LABELS = 32
_MOST_LETTERS = 64


class ObjectTally:
    """Adds up looks of one period: mean and most per label, zero where a look found none."""

    def __init__(self) -> None:
        self._empty()

    def _empty(self) -> None:
        self.looks = 0
        self._sum: Counter[str] = Counter()
        self._most: Counter[str] = Counter()

    def looked(self, labels: Iterable[str]) -> None:
        """Note one look: the label of each thing that was found."""
        self.looks += 1
        found = Counter(label[:_MOST_LETTERS] for label in labels)
        self._sum.update(found)
        self._most |= found

    def close(self) -> tuple[ObjectCount, ...]:
        """Return the objects of the period that ends now, the most frequent first, and begin the next."""
        counts = tuple(
            ObjectCount(label=label, mean=round(total / self.looks, 3), most=self._most[label])
            for label, total in self._sum.most_common(_MOST_LABELS)
        )
        self._empty()
        return counts

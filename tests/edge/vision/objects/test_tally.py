"""What a detector found over a period."""

from edge.vision.objects.tally import ObjectTally
from edge.wire.records.camera_bodies import ObjectCount


def test_mean_counts_looks_that_found_none_and_most_is_of_one_look() -> None:
    tally = ObjectTally()
    for labels in (["mobil", "mobil", "orang"], ["mobil"], []):
        tally.looked(labels)
    assert tally.close() == (
        ObjectCount(label="mobil", mean=1.0, most=2),
        ObjectCount(label="orang", mean=0.333, most=1),
    )
    assert tally.close() == ()


def test_no_more_labels_than_a_record_holds() -> None:
    tally = ObjectTally()
    tally.looked(f"{number} " + "x" * 99 for number in range(50))
    counts = tally.close()
    assert len(counts) == 32
    assert all(len(each.label) == 64 for each in counts)

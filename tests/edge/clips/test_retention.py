"""Which clips go: the old ones, then the oldest, and no more than has to."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from edge.clips.retention import ShelfEntry, to_forget

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
KEEP = timedelta(days=7)

entries = st.lists(
    st.builds(
        ShelfEntry,
        camera=st.sampled_from(["utara", "selatan"]),
        clip=st.text("0123456789abcdef", min_size=8, max_size=8),
        size_bytes=st.integers(1, 1000),
        at=st.integers(0, 21 * 24).map(lambda hours: NOW + timedelta(days=1) - timedelta(hours=hours)),
    ),
    max_size=40,
    unique_by=lambda entry: (entry.camera, entry.clip),
)


@given(entries, st.integers(0, 20_000))
def test_what_stays_is_young_and_fits_and_nothing_went_without_need(
    shelf: list[ShelfEntry], max_bytes: int
) -> None:
    gone = to_forget(shelf, now=NOW, max_bytes=max_bytes, keep=KEEP)
    stays = [entry for entry in shelf if entry not in gone]
    assert sum(entry.size_bytes for entry in stays) <= max_bytes
    assert all(entry.at >= NOW - KEEP for entry in stays)
    young = [entry for entry in gone if entry.at >= NOW - KEEP]
    assert all(other.at >= entry.at for entry in young for other in stays)
    if young:
        assert sum(other.size_bytes for other in stays) + young[-1].size_bytes > max_bytes


def test_a_clip_of_a_clock_that_was_not_set_goes_by_size_only() -> None:
    old = ShelfEntry("utara", "a", 10, datetime(1970, 1, 1, tzinfo=UTC))
    assert to_forget([old], now=NOW, max_bytes=10, keep=KEEP) == []
    assert to_forget([old], now=NOW, max_bytes=9, keep=KEEP) == [old]

"""What programs ask for, read strictly."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.cases.complaints.open311.asking import LONGEST, AskedWronglyError, RequestQuery, read_query

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def read(**given: str) -> RequestQuery:
    return read_query(given, now=NOW, services={"jalan", "lampu"})


def test_nothing_asked_means_the_last_90_days_and_a_thousand() -> None:
    query = read()
    assert (query.begin, query.end) == (NOW - LONGEST, NOW)
    assert (query.most, query.skip) == (1000, 0)
    assert read(status="", service_code=" , ", start_date="") == query


def test_ids_override_everything_but_the_page() -> None:
    query = read(
        service_request_id="A, B,A", status="nonsense", start_date="nonsense", page_size="1", page="2"
    )
    assert (query.ids, query.statuses, query.begin) == (("A", "B"), (), None)
    assert (query.most, query.skip) == (1, 1)


def test_a_date_with_an_offset_is_the_same_instant_and_a_bare_one_is_utc() -> None:
    assert read(start_date="2026-11-21T07:00:00+07:00").begin == datetime(2026, 11, 21, tzinfo=UTC)
    assert read(start_date="2026-11-21T07:00:00 07:00").begin == datetime(2026, 11, 21, tzinfo=UTC)
    assert read(start_date="2026-11-21T00:00:00").begin == datetime(2026, 11, 21, tzinfo=UTC)


def test_one_side_alone_reaches_90_days() -> None:
    long_ago = read(start_date="2020-01-01T00:00:00Z")
    assert long_ago.begin is not None
    assert long_ago.end == long_ago.begin + LONGEST
    assert read(start_date="2026-11-21T00:00:00Z").end == NOW
    end = read(end_date="2020-06-01T00:00:00Z")
    assert end.begin == datetime(2020, 6, 1, tzinfo=UTC) - timedelta(days=90)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"status": "fixed"}, 400),
        ({"service_code": "jalan,nirwana"}, 404),
        ({"start_date": "yesterday"}, 400),
        ({"start_date": "0001-01-01T00:00:00+14:00"}, 400),
        ({"start_date": "2026-11-22T00:00:00Z", "end_date": "2026-11-21T00:00:00Z"}, 400),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-21T00:00:00Z"}, 400),
        ({"page": "0"}, 400),
        ({"page": "1" * 5000}, 400),
        ({"page_size": "1001"}, 400),
        ({"service_request_id": ",".join(map(str, range(300)))}, 400),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_is_named_with_its_code(given: dict[str, str], code: int) -> None:
    with pytest.raises(AskedWronglyError) as caught:
        read(**given)
    assert caught.value.code == code
    assert next(iter(given)) in caught.value.description or "start_date" in caught.value.description


def test_the_edges_of_the_calendar_are_dates_too() -> None:
    assert read(end_date="0001-01-01T00:00:00Z").begin is not None
    assert read(start_date="9999-12-31T00:00:00Z").end is not None

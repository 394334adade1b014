"""Topics: what is built is what is understood, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire import topics
from edge.wire.topics import DownChannel, TopicError, UpChannel, UpTopic

device_ids = st.from_regex(topics.DEVICE_ID_PATTERN).filter(lambda name: name != topics.HUB_USER)
source_ids = st.from_regex(topics.SOURCE_ID_PATTERN)


@given(device=device_ids, source=source_ids)
def test_a_topic_with_a_source_is_read_back(device: str, source: str) -> None:
    for channel in (UpChannel.STILL, UpChannel.LIVE, UpChannel.CLIP):
        topic = topics.up(device, channel, source)
        assert topics.parse_up(topic) == UpTopic(device=device, channel=channel, source=source)


@given(device=device_ids)
def test_a_topic_without_a_source_is_read_back(device: str) -> None:
    for channel in (UpChannel.RECORDS, UpChannel.STATE, UpChannel.REPLY):
        assert topics.parse_up(topics.up(device, channel)) == UpTopic(device=device, channel=channel)


def test_the_direction_stands_before_the_device_as_the_access_list_needs() -> None:
    assert topics.up("tugu-1", UpChannel.RECORDS) == "pontive/1/up/tugu-1/records"
    assert topics.down("tugu-1", DownChannel.ACK) == "pontive/1/dn/tugu-1/ack"
    assert topics.down_filter("tugu-1") == "pontive/1/dn/tugu-1/#"
    assert topics.up_filter(UpChannel.RECORDS) == "pontive/1/up/+/records"
    assert topics.up_filter(UpChannel.STILL) == "pontive/1/up/+/still/+"


@pytest.mark.parametrize(
    "name", ["", "A", "a b", "a/b", "a+", "#", "a\n", "-a", "a-", "a" * 64, "hub", "tügu"]
)
def test_a_malformed_device_id_is_refused(name: str) -> None:
    with pytest.raises(TopicError, match="no device id"):
        topics.check_device_id(name)


@pytest.mark.parametrize("name", ["", "Cam", "a/b", "a" * 33, "-", "cam\n"])
def test_a_malformed_source_id_is_refused(name: str) -> None:
    with pytest.raises(TopicError, match="no source id"):
        topics.check_source_id(name)


def test_a_source_is_needed_exactly_where_a_camera_speaks() -> None:
    with pytest.raises(TopicError, match="needs source"):
        topics.up("tugu-1", UpChannel.STILL)
    with pytest.raises(TopicError, match="takes no source"):
        topics.up("tugu-1", UpChannel.RECORDS, "kamera-1")


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "pontive/1/up",
        "pontive/1/dn/tugu-1/ack",
        "pontive/2/up/tugu-1/records",
        "pontive/1/up/tugu-1/nonsense",
        "pontive/1/up/tugu-1/records/extra",
        "pontive/1/up/tugu-1/still",
        "pontive/1/up/tugu-1/still/a/b",
        "pontive/1/up/TUGU/records",
        "pontive/1/up/hub/records",
    ],
)
def test_a_foreign_topic_is_refused(topic: str) -> None:
    with pytest.raises(TopicError):
        topics.parse_up(topic)

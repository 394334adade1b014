"""Many listeners, none of which may hold the others up."""

from hub.web.streams.fanout import MAX_WAITING, Fanout, Listener


def test_a_message_reaches_everybody_on_its_topic() -> None:
    fanout = Fanout()
    indonesian, english = Listener("id"), Listener("en")
    fanout.add(indonesian)
    fanout.add(english)
    fanout.send("id", "halo")
    assert indonesian.get(0.01) == "halo"
    assert english.get(0.01) is None
    assert fanout.topics() == {"id", "en"}


def test_a_listener_that_does_not_read_is_dropped_and_the_others_get_everything() -> None:
    fanout = Fanout()
    slow, quick = Listener("id"), Listener("id")
    fanout.add(slow)
    fanout.add(quick)
    got = []
    for number in range(MAX_WAITING + 5):
        fanout.send("id", str(number))
        got.append(quick.get(0.01))
    assert slow.is_dropped
    assert len(fanout) == 1
    assert got == [str(number) for number in range(MAX_WAITING + 5)]


def test_leaving_twice_is_allowed() -> None:
    fanout, listener = Fanout(), Listener("id")
    fanout.add(listener)
    fanout.remove(listener)
    fanout.remove(listener)
    assert len(fanout) == 0

"""Every service that citizens ask for stands under something that happens in a life."""

from hub.cases.asking.catalogue import offered_to
from hub.portal.life_events import known_events, life_events
from tests.hub.cases.shipped import SHIPPED


def test_each_service_open_to_citizens_stands_in_an_event_and_each_code_is_one_of_them() -> None:
    offered = offered_to(SHIPPED, is_employee=False)
    named = {code for event in known_events() for code in event.services}
    assert named == {one.code for one in offered}
    found = life_events(offered)
    assert [len(one.services) for one in found] == [len(one.services) for one in known_events()]


def test_an_event_without_an_offered_service_is_left_out() -> None:
    assert life_events(()) == ()

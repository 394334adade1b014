"""Complaints on the map: the open ones that everybody may read, also on the equator."""

from hub.cases.complaints.publishing.layer import LATE, OPEN, complaint_layer
from hub.maps.layers import MapLayer, MapLook
from hub.places.reach import EVERYWHERE
from tests.hub.cases.complaints.conftest import Town


def layer(town: Town) -> MapLayer:
    with town.screens.app.test_request_context("http://localhost/"), town.screens.database.reading() as db:
        return complaint_layer(MapLook(db=db, now=town.screens.clock(), reach=EVERYWHERE))


def test_open_complaints_are_marks_and_secret_or_placeless_ones_are_not(town: Town) -> None:
    assert layer(town).points == ()
    case = town.file()
    town.file(identity="rahasia")
    town.file(latitude="", longitude="", kelurahan="61.71.04.1004")
    [point] = layer(town).points
    assert (point.latitude, point.state, point.title) == (0.0, OPEN, case.title)
    assert point.link == f"/laporan/{case.number}"
    town.screens.clock.advance(days=20)
    assert [one.state for one in layer(town).points] == [LATE]

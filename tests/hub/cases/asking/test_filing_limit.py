"""What one address files is counted together, whichever door it takes."""

import json
from datetime import timedelta

from hub.people.permissions import Permission
from hub.people.programs.service import issue
from tests.hub.cases.complaints.conftest import HOLE, Town, clock, screens, town
from tests.hub.cases.complaints.open311.test_server import REQUEST

__all__ = ["clock", "screens", "town"]


def test_twenty_an_hour_are_filed_at_all_doors_together_and_more_with_a_key(town: Town) -> None:
    client = town.screens.stranger()
    path = "/open311/v2/requests.json"
    for _filed in range(19):
        assert client.post(path, data=REQUEST).status_code == 200
    assert client.post(path, data=REQUEST | {"lat": "nol"}).status_code == 400, "not filed, not counted"
    assert town.send(client, **HOLE, tetap="ya").status_code == 303
    assert town.send(client, **HOLE, tetap="ya").status_code == 429
    refused = client.post(path, data=REQUEST)
    assert (refused.status_code, json.loads(refused.data)[0]["code"]) == (429, 429)
    assert client.post(path, data=REQUEST | {"api_key": "salah"}).status_code == 403
    with town.screens.database.writing() as db:
        key = issue(
            db, name="kota", opd=None, life=timedelta(days=1), actor="a", now=town.screens.clock(),
            permission=Permission.COMPLAINT_FILE,
        ).secret  # fmt: skip
    assert client.post(path, data=REQUEST | {"api_key": key}).status_code == 200

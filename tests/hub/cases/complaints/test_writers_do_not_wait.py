"""Pictures are drawn anew before the hub's one writing transaction begins, whichever door they come by."""

from typing import Any

import pytest
from sqlalchemy import func, select

from hub.cases.attachments.pictures import redrawn
from hub.cases.keeping.models import CaseFile
from hub.people.permissions import Role
from tests.hub.cases.complaints.conftest import HOLE, Town
from tests.hub.cases.complaints.filing.test_page import photo
from tests.hub.cases.complaints.open311.test_server import REQUEST
from tests.hub.cases.complaints.triage.test_desk import CAMERA, press, tugu

__all__ = ["tugu"]


def test_others_write_while_a_picture_is_drawn(tugu: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tugu.screens.database
    seen: list[int] = []

    def drawn_beside_a_writer(content: bytes) -> tuple[bytes, int, int]:
        with database.writing():  # refused as "locked" when the request holds the transaction
            seen.append(len(content))
        return redrawn(content)

    monkeypatch.setattr("hub.cases.attachments.door.redrawn", drawn_beside_a_writer)
    case = tugu.file()
    filled: dict[str, Any] = {**HOLE, "tetap": "ya", "berkas-foto": (photo(), "a.jpg")}
    assert tugu.send(**filled).status_code == 303
    sent = tugu.screens.stranger().post(
        "/open311/v2/requests.json", data=REQUEST | {"media": (photo(), "b.jpg")}
    )
    assert sent.status_code == 200, sent.data
    operator = tugu.screens.signed_in(Role.OPERATOR)
    assert press(operator, f"/berkas/{case.number}/kamera", kamera=CAMERA, tujuan="service") == 303
    assert len(seen) == 3
    with database.reading() as db:
        assert db.scalars(select(func.count()).select_from(CaseFile)).one() == 3

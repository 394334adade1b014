"""Error pages: designed, in words, without traces."""

import logging

import pytest
from sqlalchemy import text

from hub.errors import NotFoundError
from hub.people.permissions import Permission, Role
from hub.web.guarding.guard import needs
from hub.web.transaction import db
from tests.hub.screens import Screens, post


def test_an_unexpected_error_gives_a_number_and_no_trace(
    screens: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    @needs(Permission.PUBLIC)
    def broken() -> str:
        raise ValueError("rahasia dapur")

    screens.app.add_url_rule("/rusak", "rusak", broken)
    with caplog.at_level(logging.ERROR):
        answer = screens.stranger().get("/rusak")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "rahasia dapur" not in page
    assert "Traceback" not in page
    incident = caplog.records[-1].args[0]  # type: ignore[index]
    assert str(incident) in page


def test_what_a_failed_request_wrote_is_taken_back(screens: Screens) -> None:
    @needs(Permission.PUBLIC)
    def half_done() -> str:
        db().execute(text("INSERT INTO kecamatan VALUES ('x', 'x', 0, 0)"))
        raise NotFoundError("x")

    screens.app.add_url_rule("/separuh", "separuh", half_done, methods=["POST"])
    assert post(screens.stranger(), "/separuh").status_code == 404
    with screens.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM kecamatan")).scalar() == 0


def test_a_database_that_does_not_answer_is_said_so(screens: Screens) -> None:
    client = screens.signed_in(Role.ADMIN)
    with screens.database.writing() as session:
        session.execute(text("DROP TABLE camera_rates"))
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Basis data" in answer.get_data(as_text=True)


def test_an_unknown_page_says_what_to_do(screens: Screens) -> None:
    answer = screens.stranger().get("/tidak-ada")
    assert answer.status_code == 404
    assert "Ke halaman awal" in answer.get_data(as_text=True)
    assert screens.stranger().delete("/masuk").status_code == 405

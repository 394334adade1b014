"""Refusals stand in the log, with who and what, and nobody can fill it with them."""

import logging
from datetime import timedelta

import pytest

from hub.people.permissions import Role
from hub.web.guarding.refusals import SPAN, RefusalLog
from tests.hub.screens import START, Screens


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name.endswith("refusals")]


def test_a_page_and_a_row_that_are_not_for_somebody_are_noted(
    city: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    operator, admin = city.signed_in(Role.OPERATOR), city.signed_in(Role.ADMIN)
    with caplog.at_level(logging.WARNING):
        assert operator.get("/kepegawaian").status_code == 404
        assert admin.get("/kepegawaian/98765").status_code == 404
        assert city.stranger().get("/kepegawaian/101").status_code == 303
        assert operator.get("/tidak-ada-alamat-ini").status_code == 404
    said = lines(caplog)
    assert len(said) == 2
    first, second = said
    assert first.startswith("refused account ")
    assert first.endswith(", 404")
    assert "GET staff_card.card" in second
    assert "98765" not in second, "numbers of rows are people's"
    assert first.split(":")[0] != second.split(":")[0]


def test_what_a_board_asks_for_by_itself_is_noted_only_when_it_is_not_for_them(
    city: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    address = "/kamera/pi-jawi/tidak-ada/gambar.jpg"
    with caplog.at_level(logging.WARNING):
        assert city.signed_in(Role.OPERATOR).get(address).status_code == 404
        assert lines(caplog) == []
        assert city.signed_in(Role.EMPLOYEE).get(address).status_code == 404
    assert len(lines(caplog)) == 1


def test_a_program_with_a_wrong_token_is_noted_without_the_token(
    city: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = city.stranger().get("/api/hadir/v1/months", headers={"Authorization": "Bearer not-a-token"})
    assert answer.status_code == 401
    (line,) = lines(caplog)
    assert line.startswith("refused a program at 127.0.0.1: GET ")
    assert "not-a-token" not in line


def test_one_who_asks_without_end_leaves_few_lines_and_others_theirs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = RefusalLog(most_of_one=3, most_of_all=5)
    with caplog.at_level(logging.WARNING):
        for _ in range(1000):
            log.note("account 1", "GET x", 404, START)
        for number in range(2, 100):
            log.note(f"account {number}", "GET x", 404, START)
        assert [line.split(":")[0][-1] for line in lines(caplog)] == ["1", "1", "1", "2", "3"]
        caplog.clear()
        log.note("account 1", "GET x", 404, START + SPAN)
        assert lines(caplog) == ["1093 more refusals in the minute before", "refused account 1: GET x, 404"]


def test_a_clock_that_went_back_does_not_silence_the_log(caplog: pytest.LogCaptureFixture) -> None:
    log = RefusalLog(most_of_one=1)
    with caplog.at_level(logging.WARNING):
        for at in (START, START - timedelta(days=1)):
            log.note("account 1", "GET x", 404, at)
    assert len(lines(caplog)) == 2

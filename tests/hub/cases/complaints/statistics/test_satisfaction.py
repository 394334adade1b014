"""How answers were taken: opened again, rated; the same whether added up or counted; and the board's tile."""

from datetime import UTC

from hub.cases.complaints.statistics.counted import count_all
from hub.cases.complaints.statistics.satisfaction import Satisfaction, reopened_and_open, satisfaction_of
from hub.cases.complaints.tiles import complaint_tiles
from hub.cases.keeping.engine import Applicant
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import act_on, applicant_actor
from hub.cases.machine.rules import Given
from hub.web.contributions.tiles import Figure, Look, Tone
from tests.hub.cases.office import ZONE, Office

_TO_ANSWER = ("teruskan", "kerjakan", "selesaikan")


def answered(office: Office, *then: str, rating: str = "", text: str = "jalan berlubang") -> str:
    """A complaint that was answered, and what its reporter did then."""
    number = office.file("pengaduan", Applicant(name="Siti"), category="jalan", text=text).number
    who = office.account("coordinator", "liaison", "field-officer")
    for action in _TO_ANSWER:
        assert isinstance(office.act_fully(number, who, action), CaseRecord)
    for action in then:
        with office.writing() as db:
            case = db.merge(office.read(number))
            answers = {"rating": [rating]} if rating else {"rating": []}
            done = act_on(
                db, engine=office.engine, case=case, actor=applicant_actor(case), action=action,
                given=Given("masih ada", answers), now=office.now,
            )  # fmt: skip
            assert isinstance(done, CaseRecord), done
    return number


def test_answers_reopenings_and_ratings_are_counted_of_each_year(office: Office) -> None:
    answered(office, "terima", rating="s5")
    answered(office, "terima", rating="s2", text='dia menulis "rating":["s5"] di sini')
    answered(office, "terima")
    answered(office, "belum")
    office.file("pengaduan", category="lampu")
    with office.database.reading() as db:
        counted = count_all(db, ZONE, office.now)
        waiting = reopened_and_open(db)
        tile = complaint_tiles(Look(db, office.now.astimezone(UTC)))[0]
    found = satisfaction_of(counted.sides)
    assert found == Satisfaction(answered=4, reopened=1, ratings=2, stars=7)
    assert (found.reopened_percent, found.average) == (25.0, 3.5)
    assert satisfaction_of(counted.sides, year="2026") == found
    assert satisfaction_of(counted.sides, year="2025").average is None
    assert waiting == 1
    assert tile.data == Figure(label="Laporan dibuka lagi", value=1, tone=Tone.WARN)


def test_of_nothing_there_is_no_rate(office: Office) -> None:
    with office.database.reading() as db:
        found = satisfaction_of(count_all(db, ZONE, office.now).sides)
        assert complaint_tiles(Look(db, office.now))[0].data == Figure(
            label="Laporan dibuka lagi", value=0, tone=Tone.GOOD
        )
    assert (found.reopened_percent, found.average, found.answered) == (None, None, 0)

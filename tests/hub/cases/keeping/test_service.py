"""Cases through the database: filed, acted on, handed over, closed and opened again."""

from sqlalchemy import select

from hub.cases.keeping.engine import Handed
from hub.cases.keeping.models import CaseRecord, CaseWait
from hub.cases.machine.rules import Refusal, Refused
from hub.people import audit
from hub.people.permissions import ScopeKind
from tests.hub.cases.office import PUPR, WARD, Office, photo


def test_a_complaint_walks_from_the_street_to_the_opd_and_back(office: Office) -> None:
    case = office.file("pengaduan", category="jalan", kelurahan=WARD)
    assert (case.number, len(case.tracking_code)) == ("PGD-2026-000001", 10)
    coordinator = office.account("coordinator")
    liaison = office.account("liaison", kind=ScopeKind.OPD, scope=str(PUPR))
    assert office.act(case.number, liaison, "teruskan") == Refused(Refusal.NOT_YOURS)
    moved = office.act(case.number, coordinator, "teruskan")
    assert isinstance(moved, CaseRecord)
    assert (moved.stage, moved.opd, moved.public_status) == ("di_opd", PUPR, "terverifikasi")
    taken = office.act(case.number, liaison, "kerjakan")
    assert isinstance(taken, CaseRecord)
    assert taken.assigned_account == liaison.account_id
    files = Handed(files=[photo("foto_sesudah")])
    finished = office.act(case.number, liaison, "selesaikan", handed=files)
    assert isinstance(finished, CaseRecord)
    assert finished.stage == "menunggu_tanggapan"
    with office.database.reading() as db:
        assert audit.first_broken(db) is None
        assert db.scalars(select(CaseWait)).all() == [], "it waits for the citizen, in nobody's inbox"

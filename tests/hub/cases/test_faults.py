"""A camera's fault ticket is a case: opened, opened again and closed by the outage, never by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from hub.cases.keeping.models import CaseRecord, DefinitionVersion
from hub.casework import FaultCases
from hub.cctv.outages.models import FaultTicket, Outage, OutageCamera
from hub.cctv.outages.tickets.following import follow, is_behind
from hub.cctv.outages.tickets.service import close_ticket_of, open_ticket
from hub.errors import InputError
from hub.places.models import CityCamera, Device, Site
from tests.hub.cases.office import DISHUB, WARD, Office


def dark_camera(office: Office, camera: str = "utara") -> int:
    """An outage of one camera with its ticket; return its number."""
    with office.writing() as db:
        if db.get(Site, "jawi") is None:
            db.add(Site(id="jawi", name="Simpang Jawi", kelurahan=WARD, latitude=0.0, longitude=109.3))
            db.flush()
            db.add(Device(id="pi-jawi", site="jawi", name="Pi Jawi"))
            db.flush()
            db.add(CityCamera(device="pi-jawi", id="utara", name="Arah utara", kind="fixed", medium="fibre"))
        outage = Outage(scope="camera", key=f"pi-jawi/{camera}", site="jawi", began_at=office.now, facts="{}")
        outage.cause = "power"
        db.add(outage)
        db.flush()
        db.add(
            OutageCamera(outage=outage.id, device="pi-jawi", camera=camera, is_dark=True, began_at=office.now)
        )
        open_ticket(db, outage=outage.id, owner="Dishub", now=office.now)
        return outage.id


def turn(office: Office) -> None:
    with office.writing() as db:
        follow(db, FaultCases(office.engine), office.now)


def cases(office: Office) -> list[CaseRecord]:
    with office.database.reading() as db:
        return list(db.scalars(select(CaseRecord).order_by(CaseRecord.id)))


def test_a_fault_is_worked_on_as_a_case_and_closed_by_the_picture(office: Office) -> None:
    outage = dark_camera(office)
    technician = office.account("technician")
    turn(office)
    turn(office)
    (case,) = cases(office)
    assert (case.number, case.title) == ("INT-2026-000001", "Gangguan Arah utara, Simpang Jawi")
    assert (case.camera_device, case.camera, case.opd, case.latitude) == ("pi-jawi", "utara", DISHUB, 0.0)
    assert '"listrik"' in case.answers
    operator = office.account("operator")
    assert isinstance(office.act_fully(case.number, operator, "tugaskan"), CaseRecord)
    assert isinstance(office.act_fully(case.number, technician, "berangkat"), CaseRecord)
    with office.writing() as db:
        close_ticket_of(db, outage=outage, now=office.now)
    turn(office)
    assert cases(office)[0].stage == "pulih"
    office.now += timedelta(minutes=5)
    with office.writing() as db:
        open_ticket(db, outage=outage, owner="Dishub", now=office.now)
        assert is_behind(db)
    turn(office)
    assert cases(office)[0].stage == "terdeteksi", "dark again: the same case"
    with office.database.reading() as db:
        assert not is_behind(db)


def test_a_camera_that_left_the_inventory_is_nobodys_work(office: Office) -> None:
    outage = dark_camera(office, camera="hilang")
    turn(office)
    with office.writing() as db:
        close_ticket_of(db, outage=outage, now=office.now)
    turn(office)
    assert cases(office) == []
    with office.database.reading() as db:
        assert db.scalars(select(FaultTicket)).one().followed == "closed"


def test_without_the_service_the_chore_says_what_is_missing(office: Office) -> None:
    dark_camera(office)
    with office.writing() as db:
        db.execute(delete(DefinitionVersion).where(DefinitionVersion.code == "gangguan-kamera"))
    with pytest.raises(InputError, match="no-such-service"):
        turn(office)

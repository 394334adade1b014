"""The services that the city names, walked on the officers' screens as far as a signature."""

import random
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.cases.definition.stages import APPLICANT, SYSTEM, Action, Effect
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import applicant_actor
from hub.cases.keeping.versions import of_case
from hub.people.permissions import Role
from tests.hub.cases.desk.test_pages import jpeg
from tests.hub.cases.keeping.test_walks import with_opinions
from tests.hub.cases.machine.test_rules import answer
from tests.hub.cases.office import PUPR, Office
from tests.hub.cases.shipped import SHIPPED
from tests.hub.screens import Screens, csrf_of

# A Tuesday after the tests' clock, in office hours.
_WHEN = {"day": "2026-11-24", "hour": "09:00", "begin": "09:00", "end": "11:00"}
_WAYS = {
    "daftar-pelatihan": ("terima", "lulus"),
    "pendampingan-nib": ("dampingi", "terbit"),
    "ktp-kk": ("jadwalkan", "hadir", "siap", "diambil"),
    "antrean-puskesmas": ("hadir",),
    "pinjam-ruang": ("setujui", "mulai", "selesai"),
    "permintaan-data-pribadi": ("terima", "jawab"),
    "pbg": ("lengkap", "tinjau", "sesuai", "tetapkan", "sudah_bayar"),
    "gangguan-kamera": ("tugaskan", "berangkat", "diperbaiki"),
}


@pytest.mark.parametrize("service", _WAYS)
def test_a_service_is_walked_on_screen(screens: Screens, office: Office, service: str) -> None:
    definition = next(each for each in SHIPPED if each.code == service)
    asked = {field.id for field in definition.fields}
    number = office.file(service, **{k: v for k, v in _WHEN.items() if k in asked}).number
    clients: dict[str, FlaskClient] = {}
    for name in _WAYS[service]:
        with screens.database.reading() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            stage = of_case(db, case).stage(case.stage)
        action = next(each for each in stage.actions if each.id == name)
        with_opinions(office, number, stage)
        role = next(each for each in (action.roles or stage.roles) if each != SYSTEM)
        if role == APPLICANT:
            with office.writing() as db:
                row = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
                assert isinstance(office.act_in(db, row, applicant_actor(row), name), CaseRecord)
            continue
        client = clients.setdefault(role, screens.signed_in(Role(role)))
        assert number in client.get("/berkas").get_data(as_text=True), (service, stage.id, role)
        pressed(client, screens, number, action)
        assert office.read(number).stage == action.to, (service, name)


def pressed(client: FlaskClient, screens: Screens, number: str, action: Action) -> None:
    """Press an action on the page of a case, with whatever its form asks for."""
    page = client.get(f"/berkas/{number}").get_data(as_text=True)
    assert action.label in page
    path = f"/berkas/{number}/tindakan/{action.id}"
    with screens.database.reading() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        fields = {field.id: field for field in of_case(db, case).fields}
        revision = case.revision
    data: dict[str, Any] = {"csrf_token": csrf_of(client, f"/berkas/{number}"), "revisi": str(revision)}
    data |= {"catatan": "sudah dilihat"}
    data |= {f"isi-{name}": answer(fields[name], random.Random(1))[0] for name in action.asks}
    data |= {f"berkas-{name}": (jpeg(), "foto.jpg") for name in action.needs_files}
    if Effect.ASSIGN_OPD in action.effects:
        data["opd"] = str(PUPR)
    done = client.post(path, data=data, content_type="multipart/form-data")
    text = re.sub("<[^>]+>", " ", done.get_data(as_text=True))
    assert done.status_code == 303, (action.id, text[-900:])

"""The whole application on a city where complaints can be filed."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.cases.definition.reading import read_definition
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import SHIPPED, keep_version, known_roles
from hub.people.models import Opd
from tests.hub.screens import Screens, clock, csrf_of, screens

__all__ = ["clock", "screens"]

SERVICE = read_definition(SHIPPED / "pengaduan.toml", roles=known_roles())
OPDS = {1: "Dinas Pekerjaan Umum dan Penataan Ruang", 2: "Dinas Perhubungan", 3: "Satuan Polisi Pamong Praja"}
HOLE = {
    "category": "jalan",
    "text": "Lubang besar di tengah jalan. Motor sering jatuh.",
    "latitude": "0.000000",
    "longitude": "109.322000",
}


class Town:
    """The application, and what tests of complaints do with it."""

    def __init__(self, screens: Screens) -> None:
        self.screens = screens
        with screens.database.writing() as db:
            # This one alone: reading all services would cost each test as much as it does itself.
            keep_version(db, SERVICE, author="system", now=screens.clock(), is_published=True)
            for number, name in OPDS.items():
                db.merge(Opd(number=number, name=name))

    def send(self, client: FlaskClient | None = None, **fields: Any) -> TestResponse:
        """Send the page of a complaint, with a photo where one is named."""
        client = client or self.screens.stranger()
        token = csrf_of(client, "/lapor")
        return client.post("/lapor", data={"csrf_token": token, **fields})

    def file(self, **fields: Any) -> CaseRecord:
        """File a complaint on the page and return its case."""
        answer = self.send(**(HOLE | {"tetap": "ya"} | fields))
        assert answer.status_code == 303, re.findall(
            r"field-error[^>]*>(.*?)</p>", answer.get_data(as_text=True)
        )
        with self.screens.database.reading() as db:
            return db.scalars(select(CaseRecord).order_by(CaseRecord.id.desc()).limit(1)).one()


@pytest.fixture
def town(screens: Screens) -> Town:
    """A city with services and OPDs."""
    return Town(screens)

"""An application is a case or nothing: not even the row of who asked stays of one that was refused."""

from sqlalchemy import func, select

from hub.cases.asking.applying import Asker, Registry, apply
from hub.cases.attachments.kept import KeptFile
from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import NikBox
from hub.cases.citizens.population import LocalPopulation
from hub.cases.forms.filled import Filled
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import newest
from tests.hub.cases.asking.citizen import SHOP, SITI
from tests.hub.cases.office import Office


def test_nobody_is_kept_of_an_application_that_the_engine_refuses(office: Office) -> None:
    box = NikBox(bytes(32))
    typed = {name.removeprefix("isi-"): (text.replace(" ", ""),) for name, text in (SITI | SHOP).items()}
    two = tuple(KeptFile(letter * 64, "image/jpeg", 2048, 640, 480) for letter in "ab")
    files = dict.fromkeys(("ktp", "kk", "pengantar_rt", "foto_usaha"), two)
    with office.writing() as db:
        definition = newest(db, "surat-keterangan-usaha")
        assert definition is not None
        registry = Registry(box=box, population=LocalPopulation(db, box))
        filled = Filled(typed, files)
        done = apply(db, definition, filled, Asker(), engine=office.engine, registry=registry, now=office.now)
        assert isinstance(done, Filled)
        assert any("paling banyak 1 berkas" in text for texts in done.faults.values() for text in texts)
    with office.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(CitizenPerson)) == 0
        assert db.scalar(select(func.count()).select_from(CaseRecord)) == 0

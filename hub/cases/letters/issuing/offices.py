"""Which office writes a letter: the kelurahan, the kecamatan or the OPD of the case. Reads only."""

from sqlalchemy.orm import Session

from hub.cases.definition.service import DocumentRule
from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.paper.composing import Office
from hub.errors import InputError
from hub.people.models import Opd
from hub.places.models import Kecamatan, Kelurahan

LURAH, CAMAT = "lurah", "camat"


def office_of(db: Session, case: CaseRecord, rule: DocumentRule) -> Office:
    """Return the office whose head signs.

    Raises:
        InputError: the case does not say where it belongs.
    """
    if rule.signed_by == LURAH:
        return _ward_office(db, case)
    if rule.signed_by == CAMAT:
        return _district_office(db, case)
    opd = None if case.opd is None else db.get(Opd, case.opd)
    if opd is None:
        raise InputError("Berkas belum diteruskan ke OPD; surat tidak dapat diberi nomor.")
    return Office("Kepala", opd.name, (opd.name,), f"OPD.{opd.number}")


def series_of(case: CaseRecord, rule: DocumentRule) -> str:
    """Return the series that numbers of this office's letters are counted in."""
    scope = {LURAH: case.kelurahan, CAMAT: case.kecamatan}.get(rule.signed_by, str(case.opd))
    return f"surat:{scope}"


def ward_name(db: Session, code: str) -> str:
    """Return the name of a kelurahan, or its code when the city has none of it."""
    found = db.get(Kelurahan, code)
    return code if found is None else found.name


def _ward_office(db: Session, case: CaseRecord) -> Office:
    ward = db.get(Kelurahan, case.kelurahan or "")
    if ward is None:
        raise InputError("Berkas tidak menyebut kelurahan; isi kelurahan pemohon dulu.")
    district = db.get_one(Kecamatan, ward.kecamatan)
    head = (f"Kecamatan {district.name}", f"Kelurahan {ward.name}")
    address = f"Pontianak {ward.postcode}"
    return Office("Lurah", ward.name, head, f"KEL.{_dashed(ward.name)}", address)


def _district_office(db: Session, case: CaseRecord) -> Office:
    district = db.get(Kecamatan, case.kecamatan or "")
    if district is None:
        raise InputError("Berkas tidak menyebut kecamatan; isi kelurahan pemohon dulu.")
    return Office("Camat", district.name, (f"Kecamatan {district.name}",), f"KEC.{_dashed(district.name)}")


def _dashed(name: str) -> str:
    return "-".join(name.upper().split())

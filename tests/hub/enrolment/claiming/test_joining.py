"""A blank device gets its certificate once, and everybody else a sentence."""

from datetime import timedelta

import msgspec
import pytest
from cryptography import x509
from sqlalchemy import select

from edge.wire.joining.certificates import common_name, find_root
from edge.wire.joining.claims import read_claim_code
from edge.wire.joining.enrolment import Enrolled, EnrolRefused, RefusalReason, Role
from hub.enrolment.claiming.claims import Maker, cancel_claim
from hub.enrolment.issuing.register import certificates_of
from hub.enrolment.models import DeviceClaim
from hub.errors import InputError
from hub.people.models import Account, AuditEntry
from hub.people.permissions import Role as AccountRole
from hub.places.models import CityCamera, Device, Site
from hub.places.models import Door as CityDoor
from tests.hub.enrolment.conftest import Office, blank


def refused(office: Office, one) -> RefusalReason:
    answer = office.ask(one)
    assert isinstance(answer, EnrolRefused), answer
    assert len(answer.detail) > 20, "a sentence"
    return answer.reason


def test_a_blank_device_gets_name_certificate_and_cameras_of_its_site(office: Office) -> None:
    code = office.code(sources={"utara": "rtsp://10.1.2.3/stream"})
    enrolled = office.ask(blank(read_claim_code(str(code).lower())))
    assert isinstance(enrolled, Enrolled)
    certificate = x509.load_pem_x509_certificate(enrolled.certificate.encode())
    assert common_name(certificate.subject) == enrolled.device == "pi-jawi"
    assert (
        find_root(certificate, x509.load_pem_x509_certificates(enrolled.ca.encode())) == office.authority.root
    )
    assert {camera.id: camera.source for camera in enrolled.cameras} == {
        "utara": "rtsp://10.1.2.3/stream",
        "selatan": "picamera:0",
    }
    assert enrolled.at == office.screens.clock()
    assert (office.certificates / "pi-jawi.pem").read_text() == enrolled.certificate
    with office.screens.database.reading() as db:
        (row,) = certificates_of(db, "pi-jawi")
        assert (row.serial, row.way) == (f"{certificate.serial_number:x}", "claim")
        assert "device.enrol" in set(db.scalars(select(AuditEntry.action)))
        assert str(code) not in repr([vars(claim) for claim in db.scalars(select(DeviceClaim))])


def test_a_question_that_is_called_a_form_is_told_what_to_call_it(office: Office) -> None:
    one, stranger = blank(office.code()), office.screens.stranger()
    body = msgspec.json.encode(one.asked)
    for called in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = stranger.post("/enrol", data=body, content_type=called)
        refused_so = msgspec.json.decode(answer.data, type=EnrolRefused)
        assert (answer.status_code, refused_so.reason) == (400, RefusalReason.GARBLED)
        assert (
            f"Terkirim sebagai {called.partition(';')[0]}; kirim ulang dengan Content-Type"
            in refused_so.detail
        )
    assert stranger.post("/enrol", data=body, content_type="text/plain").status_code == 200


def test_a_device_that_is_new_comes_into_the_inventory_with_a_camera_or_a_door(office: Office) -> None:
    enrolled = office.ask(blank(office.code("pi-jawi-2", role=Role.DOOR)))
    assert isinstance(enrolled, Enrolled)
    assert [door.id for door in enrolled.doors] == ["pintu-1"]
    office.ask(blank(office.code("pi-jawi-3")))
    with office.screens.database.reading() as db:
        assert db.get_one(Device, "pi-jawi-2").site == "jawi"
        assert db.get(CityDoor, ("pi-jawi-2", "pintu-1")) is not None
        assert db.get(CityCamera, ("pi-jawi-3", "kamera-1")) is not None


def test_the_same_device_may_ask_again_after_a_power_cut_and_no_other(office: Office) -> None:
    code = office.code()
    one = blank(code)
    first, again = office.ask(one), office.ask(one)
    assert isinstance(first, Enrolled)
    assert isinstance(again, Enrolled)
    assert first.certificate == again.certificate
    assert refused(office, blank(code)) is RefusalReason.USED
    office.screens.clock.advance(hours=25)
    assert refused(office, one) is RefusalReason.USED


def test_a_wrong_code_an_expired_one_and_a_cancelled_one_are_told_apart(office: Office) -> None:
    right, wrong = office.code(), office.code("pi-tugu", site="tugu")
    forged = blank(right)
    forged.asked = msgspec.structs.replace(forged.asked, proof=blank(wrong).asked.proof)
    assert refused(office, forged) is RefusalReason.UNKNOWN
    with office.screens.database.writing() as db:
        claim = db.get_one(DeviceClaim, wrong.id)
        assert cancel_claim(db, claim, actor="teknisi1", now=office.screens.clock())
        assert not cancel_claim(db, claim, actor="teknisi1", now=office.screens.clock())
    assert refused(office, blank(wrong)) is RefusalReason.CANCELLED
    office.screens.clock.advance(hours=49)
    assert refused(office, blank(right)) is RefusalReason.EXPIRED


def test_a_newer_code_for_the_same_device_kills_the_one_before(office: Office) -> None:
    old, new = office.code(), office.code()
    assert refused(office, blank(old)) is RefusalReason.CANCELLED
    assert isinstance(office.ask(blank(new)), Enrolled)


def test_a_card_for_another_device_and_a_site_that_is_gone_are_refused(office: Office) -> None:
    code = office.code()
    assert refused(office, blank(code, card="pi-tugu")) is RefusalReason.OTHER_CARD
    with office.screens.database.writing() as db:
        db.get_one(Site, "jawi").is_retired = True
    assert refused(office, blank(code, card="pi-jawi")) is RefusalReason.SITE_GONE


def test_a_device_that_was_retired_since_its_code_was_made_is_refused(office: Office) -> None:
    one = blank(office.code())
    with office.screens.database.writing() as db:
        db.get_one(Device, "pi-jawi").is_retired = True
    answer = office.ask(one)
    assert isinstance(answer, EnrolRefused)
    assert answer.reason is RefusalReason.SITE_GONE
    assert "pi-jawi sudah pensiun" in answer.detail
    with office.screens.database.reading() as db:
        assert certificates_of(db, "pi-jawi") == []


def test_a_code_is_worth_no_more_than_the_rights_of_who_made_it(office: Office) -> None:
    city = office.screens
    name = city.account(AccountRole.TECHNICIAN)
    with city.database.reading() as db:
        number = db.scalars(select(Account.id).where(Account.name == name)).one()
    code = office.code(maker=Maker(name, number))
    with city.database.writing() as db:
        db.get_one(Account, number).is_disabled = True
    assert refused(office, blank(code)) is RefusalReason.RIGHTS
    with city.database.writing() as db:
        db.get_one(Account, number).is_disabled = False
    assert isinstance(office.ask(blank(code)), Enrolled)
    operator = city.account(AccountRole.OPERATOR)
    with city.database.reading() as db:
        other = db.scalars(select(Account.id).where(Account.name == operator)).one()
    assert refused(office, blank(office.code(maker=Maker(operator, other)))) is RefusalReason.RIGHTS


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 5000, b"x" * 9000, b'{"claim":"zz"}'])
def test_what_is_no_question_is_refused_with_400(office: Office, body: bytes) -> None:
    answer = office.screens.stranger().post("/enrol", data=body)
    assert answer.status_code == 400
    assert msgspec.json.decode(answer.data, type=EnrolRefused).reason is RefusalReason.GARBLED


def test_a_question_without_a_good_request_is_garbled(office: Office) -> None:
    one = blank(office.code())
    one.asked = msgspec.structs.replace(one.asked, request="-----BEGIN CERTIFICATE REQUEST-----")
    assert refused(office, one) is RefusalReason.GARBLED


def test_a_hub_without_an_authority_says_so(office: Office, authority_folder) -> None:
    one = blank(office.code())
    (authority_folder / "issuing.pem").unlink()
    assert refused(office, one) is RefusalReason.NO_AUTHORITY


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"site": "tidak-ada"}, "tidak ada di inventaris"),
        ({"site": "tugu"}, "milik titik jawi"),
        ({"device": "PI_X"}, "huruf kecil"),
        ({"sources": {"timur": "picamera:0"}}, "tidak terpasang"),
        ({"sources": {"utara": "javascript:x"}}, "rtsp://"),
        ({"sources": {"utara": "rtsp://u:rahasia@10.0.0.1/x"}}, "sandi tidak ditulis di sini"),
        ({"sources": {"utara": "rtsp://10.0.0.1/user=a&password=rahasia"}}, "sandi tidak ditulis di sini"),
        ({"sources": {"utara": "rtsp://[::1/x"}}, "rusak"),
    ],
)
def test_a_code_that_could_not_work_is_not_made(office: Office, wanted: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        office.code(**wanted)
    with office.screens.database.writing() as db:
        db.get_one(Device, "pi-jawi").is_retired = True
    with pytest.raises(InputError, match="pensiun"):
        office.code()


def test_a_replacement_revokes_the_certificate_before(office: Office) -> None:
    office.ask(blank(office.code()))
    office.screens.clock.advance(hours=1)
    office.ask(blank(office.code()))
    with office.screens.database.reading() as db:
        new, old = certificates_of(db, "pi-jawi")
        assert new.revoked_at is None
        assert old.revoked_at == office.screens.clock()
        assert old.revoked_at - old.issued_at == timedelta(hours=1)

"""Following a case by its code and acting on it with its PIN; strangers see the status and nothing else."""

import io

from flask.testing import FlaskClient
from sqlalchemy import func, select

from hub.cases.keeping.access import engine
from hub.cases.keeping.engine import Handed
from hub.cases.keeping.holders import actor_for
from hub.cases.keeping.models import CaseFile, CaseRecord, CaseStep
from hub.cases.keeping.service import act_on
from hub.cases.machine.rules import Given, Refused
from hub.cases.tracking.telling import tell_applicant
from hub.notify.models import OutboxMessage
from hub.people import sessions
from hub.people.permissions import Role, ScopeKind
from tests.hub.cases.asking.citizen import confirmed, filed, send
from tests.hub.cases.attachments import uploads
from tests.hub.screens import Screens, post

WARD = "61.71.01.1002"


def clerk_returns(desk: Screens, code: str) -> None:
    """Let the counter send a case back with a remark on one file."""
    client = desk.signed_in(Role.COUNTER_CLERK, kind=ScopeKind.KELURAHAN, scope=WARD)
    cookie = client.get_cookie("pontive")
    assert cookie is not None
    with desk.app.app_context(), desk.database.writing() as db:
        viewer = sessions.find_viewer(db, cookie.value, desk.clock())
        case = db.scalars(select(CaseRecord).where(CaseRecord.tracking_code == code)).one()
        assert viewer is not None
        actor = actor_for(db, case=case, viewer=viewer, now=desk.clock())
        done = act_on(
            db,
            engine=engine(),
            case=case,
            actor=actor,
            action="kembalikan",
            given=Given(note="KTP kurang jelas"),
            handed=Handed(remarks={"ktp": "Foto buram, kirim lagi"}),
            now=desk.clock(),
        )
        assert not isinstance(done, Refused), done


def page(client: FlaskClient, code: str) -> str:
    return client.get(f"/lacak/{code}").get_data(as_text=True)


def test_the_code_shows_the_status_and_the_pin_opens_the_rest(desk: Screens) -> None:
    code, pin = filed(desk.stranger())
    other = desk.stranger()
    shown = page(other, code)
    assert "Diterima" in shown
    assert "paling lambat" in shown
    for secret in ("Siti", "Berkas yang Anda kirim", "/tindakan/"):
        assert secret not in shown
    with desk.database.reading() as db:
        number = db.scalars(select(CaseFile.id)).first()
    assert other.get(f"/lacak/{code}/berkas/{number}").status_code == 404
    assert "PIN salah" in other.post(
        f"/lacak/{code}/pin",
        data=_token(other) | {"pin": "000000" if pin != "000000" else "1"},
        follow_redirects=True,
    ).get_data(as_text=True)
    other.post(f"/lacak/{code}/pin", data=_token(other) | {"pin": pin})
    assert "Berkas yang Anda kirim" in page(other, code)
    own = other.get(f"/lacak/{code}/berkas/{number}")
    assert (own.status_code, own.headers["Cache-Control"]) == (200, "private, no-store")
    assert other.get(f"/lacak/{code}/berkas/999").status_code == 404


def test_wrong_pins_block_a_case_for_a_while(desk: Screens) -> None:
    code, pin = filed(desk.stranger())
    other = desk.stranger()
    for _ in range(5):
        post(other, f"/lacak/{code}/pin", "/lacak", pin="x")
    said = other.post(f"/lacak/{code}/pin", data=_token(other) | {"pin": pin}, follow_redirects=True)
    assert "terlalu sering" in said.get_data(as_text=True)
    desk.clock.advance(minutes=16)
    other.post(f"/lacak/{code}/pin", data=_token(other) | {"pin": pin})
    assert "Berkas yang Anda kirim" in page(other, code)


def test_a_return_is_answered_with_what_was_typed_before_and_cannot_be_sent_twice(desk: Screens) -> None:
    client = desk.stranger()
    code, _pin = filed(client)
    confirmed(desk)
    clerk_returns(desk, code)
    with desk.database.reading() as db:
        message = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert message is not None
    assert (message.address, message.link) == ("siti@contoh.id", f"/lacak/{code}")
    assert "Perlu perbaikan" in message.subject
    assert "KTP kurang jelas" in message.text
    shown = page(client, code)
    assert "Menunggu Anda" in shown
    assert "Foto buram, kirim lagi" in shown
    where = f"/lacak/{code}/tindakan/kirim_lagi"
    form = client.get(where).get_data(as_text=True)
    assert "Warung &lt;b&gt;Siti&lt;/b&gt;" in form
    assert "Foto buram" in form
    wrong = send(client, where, {"isi-business": "Warung", "berkas-ktp": (io.BytesIO(uploads.SVG), "x.svg")})
    assert wrong.status_code == 422
    assert "gambar SVG tidak diterima" in wrong.get_data(as_text=True)
    incomplete = send(client, where, {"isi-business": "Warung Siti"})
    assert "Bidang usaha: belum diisi" in incomplete.get_data(as_text=True)
    fields = {
        "isi-business": "Warung Siti", "isi-trade": "Kelontong", "isi-address": "Gg 5",
        "isi-since": "2019-02-01", "isi-purpose": "Bank",
        "berkas-ktp": (io.BytesIO(uploads.jpeg(900, 600)), "ktp.jpg"),
    }  # fmt: skip
    assert send(client, where, fields).status_code == 303
    assert "Menunggu Anda" not in page(client, code)
    assert client.get(where).status_code == 404, "the case has moved on"
    with desk.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
        assert case.stage == "diajukan"
        assert len(db.scalars(select(CaseFile).where(CaseFile.requirement == "ktp")).all()) == 2
    assert desk.stranger().get(where).status_code == 404


def test_files_of_somebody_without_the_pin_are_not_even_kept(desk: Screens) -> None:
    code, _pin = filed(desk.stranger())
    clerk_returns(desk, code)
    before = sorted(desk.folder.glob("case-files/*/*"))
    other = desk.stranger()
    sent = _token(other) | {"berkas-ktp": (io.BytesIO(uploads.jpeg(640, 480)), "ktp.jpg")}
    where = f"/lacak/{code}/tindakan/kirim_lagi"
    assert other.post(where, data=sent, content_type="multipart/form-data").status_code == 404
    assert before
    assert sorted(desk.folder.glob("case-files/*/*")) == before


def test_a_status_that_comes_again_is_told_again_and_steps_inside_are_not(desk: Screens) -> None:
    filed(desk.stranger())
    confirmed(desk)
    with desk.database.writing() as db:
        case = db.scalars(select(CaseRecord)).one()
        before, case.public_status = case.stage, "diproses"
        told = []
        for seq, stage in ((7, before), (8, before), (9, "verifikasi")):
            step = CaseStep(case_id=case.id, seq=seq, action="x", role="system", from_stage=stage, note="")
            tell_applicant(db, case, step, desk.clock())
            told.append(db.scalars(select(func.count(OutboxMessage.id))).one())
    assert [told[1] - told[0], told[2] - told[1]] == [1, 0]


def test_a_code_is_read_as_people_write_it_and_an_unknown_one_is_said(desk: Screens) -> None:
    code, _pin = filed(desk.stranger())
    typed = f" {code[:5].lower()}-{code[5:]} "
    found = desk.stranger().get("/lacak", query_string={"kode": typed})
    assert found.location == f"/lacak/{code}"
    unknown = desk.stranger().get("/lacak?kode=AAAAAAAAAA")
    assert unknown.status_code == 404
    assert "tidak kami kenal" in unknown.get_data(as_text=True)
    assert desk.stranger().get(f"/lacak/{code.lower()}").status_code == 301
    assert desk.stranger().get("/lacak/--").status_code == 404


def _token(client: FlaskClient) -> dict[str, str]:
    text = client.get("/lacak").get_data(as_text=True)
    return {"csrf_token": text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]}

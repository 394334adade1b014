"""Citizens' own accounts: a code instead of a password, own cases, own data, own documents."""

import re
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.dialects import postgresql

from hub.cases.asking.pins import check_pin
from hub.cases.citizens.models import CitizenPerson, NikReveal, VaultDocument
from hub.cases.citizens.own.accounts import CodeRefusal, ask_code, use_code
from hub.cases.keeping.models import CaseRecord
from hub.notify.models import OutboxMessage
from tests.hub.cases.asking.citizen import LETTER, NIK, SHOP, SITI, filed, papers, send
from tests.hub.screens import Screens, csrf_of

ADDRESS = "siti@contoh.id"


def newest_code(desk: Screens) -> str:
    with desk.database.reading() as db:
        message = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert message is not None
    return message.subject.removeprefix("Kode masuk: ")


def ask(client: FlaskClient, email: str = ADDRESS) -> int:
    return client.post(
        "/warga/masuk", data={"csrf_token": csrf_of(client, "/warga/masuk"), "email": email}
    ).status_code


def signed_in(desk: Screens) -> FlaskClient:
    """A citizen who said who they are."""
    client = desk.stranger()
    assert ask(client) == 303
    done = client.post(
        "/warga/kode", data={"csrf_token": csrf_of(client, "/warga/kode"), "kode": newest_code(desk)}
    )
    assert done.location == "/warga/data-diri"
    assert send(client, "/warga/data-diri", SITI).status_code == 303
    return client


def test_a_code_signs_in_once_and_wrong_ones_end_it(desk: Screens) -> None:
    client = desk.stranger()
    assert ask(client, "bukan alamat") == 422
    assert ask(client) == 303
    token = {"csrf_token": csrf_of(client, "/warga/kode")}
    code = newest_code(desk)
    wrong = "000000" if code != "000000" else "111111"
    assert "Kode salah" in client.post("/warga/kode", data={**token, "kode": wrong}).get_data(as_text=True)
    for _ in range(4):
        said = client.post("/warga/kode", data={**token, "kode": wrong}).get_data(as_text=True)
    assert "tidak berlaku" in said
    assert "tidak berlaku" in client.post("/warga/kode", data={**token, "kode": code}).get_data(as_text=True)
    desk.clock.advance(minutes=1)
    assert ask(client) == 303
    desk.clock.advance(minutes=11)
    late = client.post("/warga/kode", data={**token, "kode": newest_code(desk)})
    assert "tidak berlaku" in late.get_data(as_text=True)
    assert ask(client) == 303
    assert ask(client) == 422, "somebody else's mailbox is not filled"
    assert desk.stranger().get("/warga/kode").location == "/warga/masuk"


def test_tries_that_come_at_once_wait_for_each_other(desk: Screens) -> None:
    filed(desk.stranger())
    locked: list[str] = []

    def look(_connection: object, statement: Any, *_rest: object) -> None:
        said = str(statement.compile(dialect=postgresql.dialect()))
        locked.extend(re.findall(r"FROM (\w+) .*FOR UPDATE", said, re.DOTALL))

    with desk.database.writing() as db:
        case = db.scalars(select(CaseRecord)).one()
        ask_code(db, email=ADDRESS, now=desk.clock())
        event.listen(db.connection(), "before_execute", look)
        assert not check_pin(db, case, "salah", desk.clock())
        assert use_code(db, email=ADDRESS, code="salah", now=desk.clock()) is CodeRefusal.WRONG
    assert locked == ["case_pin", "citizen_code"]


def test_a_citizen_has_own_cases_and_strangers_and_others_do_not_see_them(desk: Screens) -> None:
    client = signed_in(desk)
    form = client.get(LETTER).get_data(as_text=True)
    assert "Pemohon: Siti Aminah" in form
    assert "diri_nik" not in form
    assert send(client, LETTER, {**SHOP, **papers()}).status_code == 303
    with desk.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
    assert case.number in client.get("/warga").get_data(as_text=True)
    filed(desk.stranger())
    with desk.database.reading() as db:
        other = db.scalars(select(CaseRecord).where(CaseRecord.id != case.id)).one()
    assert other.number not in client.get("/warga").get_data(as_text=True), "not even of the same NIK"
    assert "Berkas yang Anda kirim" in client.get(f"/lacak/{case.tracking_code}").get_data(as_text=True)
    assert desk.stranger().get("/warga").location.startswith("/warga/masuk")
    out = client.post("/warga/keluar", data={"csrf_token": csrf_of(client, "/warga")})
    assert out.status_code == 303
    assert client.get("/warga").status_code == 303
    assert "Berkas yang Anda kirim" not in client.get(f"/lacak/{case.tracking_code}").get_data(as_text=True)


def test_documents_are_used_again_until_they_expire_or_are_removed(desk: Screens) -> None:
    client = signed_in(desk)
    send(client, LETTER, {**SHOP, **papers()})
    with desk.database.writing() as db:
        documents = db.scalars(select(VaultDocument)).all()
        assert {each.requirement for each in documents} == {"ktp", "kk"}, "what is reusable, nothing else"
        ktp = next(each for each in documents if each.requirement == "ktp")
        ktp.verified_at = desk.clock()
        ktp.valid_until = desk.clock().date()
    form = client.get(LETTER).get_data(as_text=True)
    assert "dari brankas Anda, terverifikasi" in form
    words = dict(re.findall(r'name="(ada-[a-z_]+)" value="([^"]+)"', form))
    fresh = {name: value for name, value in papers().items() if name not in ("berkas-ktp", "berkas-kk")}
    assert send(client, LETTER, {**SHOP, **words, **fresh}).status_code == 303
    with desk.database.reading() as db:
        second = db.scalars(select(CaseRecord).order_by(CaseRecord.id.desc())).first()
        assert second is not None
    assert "sudah dicocokkan" in client.get(f"/lacak/{second.tracking_code}").get_data(as_text=True)
    with desk.database.writing() as db:
        db.get_one(VaultDocument, ktp.id).valid_until = date(2026, 11, 20)
    assert "ada-ktp" not in client.get(LETTER).get_data(as_text=True), "expired"
    vault = client.get("/warga/brankas").get_data(as_text=True)
    assert "kedaluwarsa" in vault
    assert client.get(f"/warga/brankas/{ktp.id}").status_code == 200
    assert desk.stranger().get(f"/warga/brankas/{ktp.id}").status_code == 404
    gone = client.post(
        f"/warga/brankas/{ktp.id}/hapus", data={"csrf_token": csrf_of(client, "/warga/brankas")}
    )
    assert gone.status_code == 303
    assert client.get(f"/warga/brankas/{ktp.id}").status_code == 404


def test_own_data_keep_the_nik_unless_it_is_typed_anew_and_show_who_saw_it(desk: Screens) -> None:
    client = signed_in(desk)
    desk.account(name="pak.kasi")
    with desk.database.writing() as db:
        person = db.scalars(select(CitizenPerson)).one()
        person.verified_at = desk.clock()
        db.add(
            NikReveal(
                person_id=person.id,
                nik_digest=person.nik_digest,
                account_id=1,
                purpose="Mencocokkan kartu keluarga",
                at=desk.clock(),
            )
        )
    page = client.get("/warga/data-diri").get_data(as_text=True)
    assert "Mencocokkan kartu keluarga" in page
    assert NIK not in page
    moved = {**SITI, "isi-diri_nik": "", "isi-diri_address": "Jl. Tanjungpura 12"}
    assert send(client, "/warga/data-diri", moved).status_code == 303
    with desk.database.reading() as db:
        kept = db.scalars(select(CitizenPerson)).one()
    assert (kept.address, kept.nik_digest, kept.verified_at) == (
        "Jl. Tanjungpura 12",
        person.nik_digest,
        desk.clock(),
    )
    assert send(client, "/warga/data-diri", {**SITI, "isi-diri_name": "Siti Zahra"}).status_code == 303
    with desk.database.reading() as db:
        assert db.scalars(select(CitizenPerson)).one().verified_at is None, (
            "another name is not the verified one"
        )
    assert send(client, "/warga/data-diri", {**SITI, "isi-diri_name": ""}).status_code == 422
    for path in ("/warga/data-diri", "/warga/brankas"):
        assert desk.stranger().get(path).location.startswith("/warga/masuk")


def test_what_a_letter_says_holds_still_until_it_is_done_or_came_back(desk: Screens) -> None:
    client = signed_in(desk)
    send(client, LETTER, {**SHOP, **papers()})
    other = {**SITI, "isi-diri_name": "Orang Lain"}
    refused = send(client, "/warga/data-diri", other)
    with desk.database.writing() as db:
        case = db.scalars(select(CaseRecord)).one()
        assert db.scalars(select(CitizenPerson)).one().name == "Siti Aminah"
        assert refused.status_code == 422
        assert f"Surat {case.number} sedang diproses dengan data ini" in refused.get_data(as_text=True)
    reachable = {**SITI, "isi-diri_phone": "081234567890"}
    assert send(client, "/warga/data-diri", reachable).status_code == 303, "that stands on no letter"
    with desk.database.writing() as db:
        db.scalars(select(CaseRecord)).one().stage = "perbaikan"
        assert db.scalars(select(CaseRecord)).one().revision == case.revision
    assert send(client, "/warga/data-diri", other).status_code == 303, (
        "it is checked again from its beginning"
    )
    with desk.database.reading() as db:
        again = db.scalars(select(CaseRecord)).one()
    assert (again.revision, again.applicant_name) == (case.revision + 1, "Orang Lain"), "old pages are stale"


def test_documents_of_another_name_are_verified_no_more(desk: Screens) -> None:
    client = signed_in(desk)
    send(client, LETTER, {**SHOP, **papers()})
    with desk.database.writing() as db:
        db.scalars(select(CaseRecord)).one().closed_at = desk.clock()
        for document in db.scalars(select(VaultDocument)):
            document.verified_at = desk.clock()
    assert (
        send(client, "/warga/data-diri", {**SITI, "isi-diri_address": "Jl. Pak Kasih 3"}).status_code == 303
    )
    assert "terverifikasi" in client.get("/warga/brankas").get_data(as_text=True).replace(
        "belum diverifikasi", ""
    )
    assert send(client, "/warga/data-diri", {**SITI, "isi-diri_name": "Orang Lain"}).status_code == 303
    with desk.database.reading() as db:
        assert {each.verified_at for each in db.scalars(select(VaultDocument))} == {None}


def test_names_are_not_tried_for_a_nik_without_end(desk: Screens) -> None:
    client = signed_in(desk)
    token = {"csrf_token": csrf_of(client, "/warga/data-diri")}
    tries = [
        client.post("/warga/data-diri", data={**token, **SITI, "isi-diri_name": f"Siti {chr(65 + at)}"})
        for at in range(10)
    ]
    assert [each.status_code for each in tries] == [303] * 9 + [429]

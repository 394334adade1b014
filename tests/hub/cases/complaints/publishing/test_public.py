"""What everybody sees of complaints: never who, never where somebody lives, never a secret one."""

import io

from sqlalchemy import select, update

from hub.cases.complaints.models import ComplaintWording
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import Wanted
from hub.cases.keeping.models import CaseRecord
from hub.people.models import Account
from hub.people.permissions import Role
from tests.hub.cases.complaints.conftest import HOLE, OPDS, Town
from tests.hub.cases.complaints.filing.test_page import photo
from tests.hub.screens import csrf_of, post


def act(town: Town, number: str, action: str, **fields: str) -> None:
    client = town.screens.signed_in(Role.COORDINATOR)
    data = {"csrf_token": csrf_of(client, "/sandi"), "revisi": "1", **fields}
    assert client.post(f"/berkas/{number}/tindakan/{action}", data=data).status_code == 303


def test_no_personal_data_on_any_public_page(town: Town) -> None:
    told = "Selokan mampet. Hubungi Siti di 0812-3456-7890 atau siti@contoh.id, NIK 6171014504900001."
    case = town.file(text=told, name="Siti Rahmawati", contact="081298765432", address="Gg. Sehati")
    client = town.screens.stranger()
    pages = [
        client.get(path).get_data(as_text=True)
        for path in (
            f"/laporan/{case.number}",
            "/laporan",
            "/laporan/aliran.xml",
            "/open311/v2/requests.json",
            f"/open311/v2/requests/{case.number}.xml",
            "/open311/v2/servicerequestupdates.xml",
        )
    ]
    assert "Selokan mampet" in pages[0]
    for page in pages:
        for secret in ("3456", "siti@contoh.id", "6171014504900001", "Rahmawati", "81298765432"):
            assert secret not in page
        assert case.tracking_code not in page, "who has the code may act with the PIN"


def test_a_secret_complaint_is_nowhere(town: Town) -> None:
    case = town.file(identity="rahasia")
    client = town.screens.stranger()
    for path in ("/laporan", "/laporan?cari=Lubang", "/laporan/aliran.xml", "/open311/v2/requests.json",
                 f"/open311/v2/requests.json?service_request_id={case.number}",
                 "/open311/v2/servicerequestupdates.json"):  # fmt: skip
        assert case.number not in client.get(path).get_data(as_text=True), path
    assert client.get(f"/laporan/{case.number}").status_code == 404
    assert client.get(f"/open311/v2/requests/{case.number}.json").status_code == 404
    assert post(client, f"/laporan/{case.number}/dukung", "/lapor").status_code == 404


def test_photos_are_shown_after_somebody_verified(town: Town) -> None:
    answer = town.send(**HOLE, **{"berkas-foto": (photo(), "a.jpg")})
    assert answer.status_code == 303
    client = town.screens.stranger()
    with town.screens.database.reading() as db:
        [one] = PublicBoard(db).find(Wanted())
        assert one.photos == ()
    act(town, one.number, "teruskan", opd="1")
    assert client.get(f"/laporan/{one.number}/foto/1.jpg").status_code == 200
    with town.screens.database.reading() as db:
        [one] = PublicBoard(db).find(Wanted())
        assert one.opd == OPDS[1]
    assert f"/laporan/{one.number}/foto/1.jpg" in client.get("/laporan").get_data(as_text=True)
    assert client.get(f"/laporan/{one.number}/foto/2.jpg").status_code == 404
    picture = client.get(f"/laporan/{one.number}/foto/1.jpg")
    assert picture.mimetype == "image/jpeg"
    assert io.BytesIO(picture.data).read(2) == b"\xff\xd8"


def test_what_was_refused_or_withdrawn_unseen_never_shows_its_photos(town: Town) -> None:
    client = town.screens.stranger()
    case = town.file(**{"berkas-foto": (photo(), "a.jpg")})
    picture = f"/laporan/{case.number}/foto/1.jpg"
    act(town, case.number, "tolak", catatan="Iklan, bukan laporan.")
    assert "bukan laporan" in client.get(f"/laporan/{case.number}").get_data(as_text=True)
    assert client.get(picture).status_code == 404, "nobody found it to be a complaint"
    with town.screens.database.writing() as db:
        db.execute(update(CaseRecord).values(stage="dibatalkan", public_status="dibatalkan"))
    for path in (f"/laporan/{case.number}", picture, f"/open311/v2/requests/{case.number}.json"):
        assert client.get(path).status_code == 404, path


def test_moderation_replaces_the_words_and_can_hide_and_the_newest_counts(town: Town) -> None:
    case, client = town.file(), town.screens.stranger()
    name = town.screens.account()

    def moderate(*, is_hidden: bool) -> None:
        with town.screens.database.writing() as db:
            wording = ComplaintWording(
                case_id=case.id, title="Jalan rusak", text="Disunting.", is_hidden=is_hidden,
                reason="kata kasar", account=1, at=town.screens.clock(),
            )  # fmt: skip
            db.add(wording)

    assert name
    moderate(is_hidden=True)
    assert client.get(f"/laporan/{case.number}").status_code == 404
    moderate(is_hidden=False)
    page = client.get(f"/laporan/{case.number}").get_data(as_text=True)
    assert "Jalan rusak" in page
    assert "disunting moderator" in page
    assert HOLE["text"] not in page
    with town.screens.database.reading() as db:
        assert HOLE["text"] in db.get_one(CaseRecord, case.id).answers, "the original stays"


def test_the_search_finds_nothing_that_is_hidden(town: Town) -> None:
    town.screens.account()
    case, client = town.file(text="Lubang digali Pak Rusdi, RT 03"), town.screens.stranger()
    masked = town.file(category="lampu", text="Lampu mati, hubungi 0812-3456-7890")
    mail = town.file(category="sampah", text="Sampah, surel: siti@contoh.id")

    def finds(words: str) -> set[str]:
        page = client.get("/laporan", query_string={"cari": words}).get_data(as_text=True)
        return {one.number for one in (case, masked, mail) if one.number in page}

    assert finds("rusdi 03") == {case.number}
    with town.screens.database.writing() as db:
        for title in ("Tertunda", "Galian di jalan"):
            account = db.scalars(select(Account.id).limit(1)).one()
            db.add(
                ComplaintWording(
                    case_id=case.id,
                    title=title,
                    text="Disunting.",
                    reason="nama orang",
                    account=account,
                    at=town.screens.clock(),
                )
            )
            db.flush()
    assert finds("galian jalan") == {case.number}
    assert finds("lampu") == {masked.number}, "by what stays readable"
    for hidden in ("rusdi", "tertunda", "0812", "08", "3456", "siti", "@"):
        assert finds(hidden) == set(), hidden


def test_the_list_is_narrowed_and_paged_and_wrong_filters_do_no_harm(town: Town) -> None:
    hole, lamp = town.file(), town.file(category="lampu", text="Lampu padam di gang")
    client = town.screens.stranger()

    def numbers(query: str) -> list[bool]:
        page = client.get(f"/laporan?{query}").get_data(as_text=True)
        return [one.number in page for one in (hole, lamp)]

    assert numbers("") == [True, True]
    assert numbers("kategori=lampu") == [False, True]
    assert numbers("cari=lampu") == [False, True]
    assert numbers(f"cari={hole.number.lower()}") == [True, False]
    assert numbers("status=selesai") == [False, False]
    assert numbers("status=terbuka") == [True, True]
    assert numbers(f"kelurahan={hole.kelurahan}") == [True, True]
    assert numbers("kelurahan=99&status=apa&hal=0") == [True, True]
    assert numbers("hal=99999999999999999999999") == [True, True]
    assert client.get("/laporan?hal=2").status_code == 200


def test_who_has_the_same_complaint_counts_once(town: Town) -> None:
    case, client = town.file(), town.screens.stranger()
    for _ in range(2):
        assert post(client, f"/laporan/{case.number}/dukung", "/lapor").status_code == 303
    post(town.screens.stranger(), f"/laporan/{case.number}/dukung", "/lapor")
    with town.screens.database.reading() as db:
        [one] = PublicBoard(db).find(Wanted())
    assert one.supports == 2
    assert client.post(f"/laporan/{case.number}/dukung").status_code == 400, "without its form token"


def test_the_feed_is_atom(town: Town) -> None:
    case = town.file()
    feed = town.screens.stranger().get("/laporan/aliran.xml")
    assert feed.mimetype == "application/atom+xml"
    assert f"/laporan/{case.number}</id>" in feed.get_data(as_text=True)

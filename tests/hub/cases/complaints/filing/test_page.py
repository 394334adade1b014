"""The page that takes a complaint: without scripts, without losing what was typed."""

import gzip
import io
import re

from PIL import Image
from sqlalchemy import select

from hub.cases.attachments.store import find, folder_of
from hub.cases.complaints.filing.sketch import view_of
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.people.permissions import Role
from tests.hub.cases.complaints.conftest import HOLE, Town


def photo(width: int = 800) -> io.BytesIO:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (0.0, 1.0, 2.0)}  # where it was taken
    Image.new("RGB", (width, 600), "sienna").save(buffer, "JPEG", exif=exif)
    return io.BytesIO(buffer.getvalue())


def test_a_complaint_on_the_equator_is_filed_without_an_account(town: Town) -> None:
    answer = town.send(**HOLE, **{"berkas-foto": (photo(), "IMG_0001.jpg")})
    assert answer.status_code == 303
    assert answer.location.startswith("/tanda-terima/")
    with town.screens.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
        file = db.scalars(select(CaseFile)).one()
    assert (case.latitude, case.longitude) == (0.0, 109.322)
    assert case.kelurahan is not None
    assert (case.category, case.title) == ("jalan", "Lubang besar di tengah jalan.")
    kept = find(folder_of(str(town.screens.folder)), file.sha256, file.media_type)
    assert kept is not None
    with Image.open(kept) as picture:
        assert not picture.getexif(), "where the photo was taken is nobody's business"


def test_pressing_twice_files_one(town: Town) -> None:
    client = town.screens.stranger()
    token = "x" * 24
    first = town.send(client, **HOLE, kiriman=token)
    second = town.send(client, **HOLE, kiriman=token, tetap="ya")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with town.screens.database.reading() as db:
        assert len(db.scalars(select(CaseRecord)).all()) == 1


def test_the_second_press_leads_to_the_receipt_also_when_the_first_answer_was_lost(town: Town) -> None:
    token = "x" * 24
    town.send(**HOLE, kiriman=token)
    client = town.screens.stranger()
    second = town.send(client, **HOLE, kiriman=token, tetap="ya")
    with town.screens.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
    page = client.get(second.location)
    assert page.status_code == 200
    assert case.number in page.get_data(as_text=True)


def test_faults_are_told_together_and_nothing_typed_is_lost(town: Town) -> None:
    answer = town.send(text="Parah", contact="12", name="Siti", kelurahan="61.71.04.1004")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("Tentang apa: belum diisi", "Nomor ponsel", ">\nParah</textarea>", 'value="Siti"'):
        assert words in page, words
    assert 'value="61.71.04.1004" selected' in page


def test_pressing_the_drawing_sets_the_place_and_keeps_photo_and_words(town: Town) -> None:
    data = {"peta.x": "144", "peta.y": "144", "text": "genangan", "berkas-foto": (photo(), "a.jpg")}
    page = town.send(**data).get_data(as_text=True)
    latitude, longitude = view_of(None).place_at(144, 144)
    assert f'name="latitude" value="{latitude:.6f}"' in page
    assert ">\ngenangan</textarea>" in page
    assert 'name="ada-foto"' in page, "the photo need not be chosen again"
    nearer = {"peta.x": "1", "peta.y": "144", "peta-lat": f"{latitude}", "peta-lon": f"{longitude}"}
    again = town.send(**nearer).get_data(as_text=True)
    found = re.search(r'name="longitude" value="([0-9.]+)"', again)
    assert found is not None
    assert longitude - 0.0109 < float(found[1]) < longitude - 0.0106, "216 units across, from the middle"


def test_enter_on_the_drawing_sends_the_complaint(town: Town) -> None:
    assert town.send(**HOLE, **{"peta.x": "0", "peta.y": "0"}).status_code == 303


def test_outside_the_city_and_what_is_not_the_citys_say_where_to_go(town: Town) -> None:
    outside = town.send(**(HOLE | {"latitude": "-0.2", "longitude": "109.4"}))
    assert outside.status_code == 422
    assert "lapor.go.id" in outside.get_data(as_text=True)
    power = town.send(**(HOLE | {"category": "listrik"}))
    assert power.status_code == 422
    assert "PLN 123" in power.get_data(as_text=True)
    with town.screens.database.reading() as db:
        assert db.scalars(select(CaseRecord)).all() == []


def test_the_same_thing_is_offered_before_sending_and_a_secret_one_never(town: Town) -> None:
    secret = town.file(identity="rahasia")
    assert town.send(**HOLE).status_code == 303, "whoever files learns nothing of secret complaints"
    known = town.file()
    again = HOLE | {"text": "Jalan berlubang, motor jatuh", "latitude": "0.000200"}
    page = town.send(**again).get_data(as_text=True)
    assert "Apakah ini laporan yang sama?" in page
    assert known.number in page
    assert secret.number not in page
    assert town.send(**again, tetap="ya").status_code == 303


def test_a_video_is_refused_by_its_name_and_the_rest_stays(town: Town) -> None:
    video = (io.BytesIO(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 5000), "jalan.mp4")
    answer = town.send(**HOLE, **{"berkas-foto": video})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "jalan.mp4" in page
    assert "ini video" in page
    assert HOLE["text"] in page


def test_script_in_every_field_is_text(town: Town) -> None:
    evil = "<script>alert(1)</script>"
    page = town.send(text=evil, name=evil, address=evil, category=evil, kelurahan=evil, latitude=evil)
    assert evil not in page.get_data(as_text=True)


def test_the_first_load_weighs_less_than_60_kilobytes_with_everything(town: Town) -> None:
    client = town.screens.stranger()
    page = client.get("/lapor")
    text = page.get_data(as_text=True)
    linked = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg)[^"]*|/lapor/peta\.svg)"', text)
    assert len(linked) >= 5
    parts = {address: len(gzip.compress(client.get(address).data)) for address in linked}
    total = len(gzip.compress(page.data)) + sum(parts.values())
    assert total <= 60 * 1024, parts
    whole = len(page.data) + sum(len(client.get(address).data) for address in linked)
    assert whole <= 80 * 1024, "also where nothing is packed"


def test_the_drawing_knows_the_equator_and_no_foreign_place(town: Town) -> None:
    client = town.screens.stranger()
    assert "khatulistiwa" in client.get("/lapor/peta.svg?lat=0.000000&lon=109.322").get_data(as_text=True)
    whole = client.get("/lapor/peta.svg").data
    for query in ("lat=48&lon=11", "lat=x&lon=1", "lat=1e400&lon=109", "lat=0"):
        assert client.get(f"/lapor/peta.svg?{query}").data == whole


def test_what_an_officer_files_for_somebody_is_theirs_only_by_the_pin(town: Town) -> None:
    clerk = town.screens.signed_in(Role.COORDINATOR)
    answer = town.send(clerk, **(HOLE | {"tetap": "ya"}))
    receipt = clerk.get(answer.location).get_data(as_text=True)
    assert re.search(r"(?<!-)\b[0-9]{6}</", receipt), "the PIN, to be handed over"
    assert clerk.get(answer.location).status_code == 404, "shown once"
    with town.screens.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
    assert "PIN, untuk menjawab" in clerk.get(f"/lacak/{case.tracking_code}").get_data(as_text=True)

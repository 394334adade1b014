"""Forms as they come from browsers: what was typed stays, files are kept, wrong ones become sentences."""

import io
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict

from hub.cases.attachments import door
from hub.cases.attachments.claims import Claims
from hub.cases.definition.form import Field, FieldKind, FileKind, Requirement
from hub.cases.forms import reading
from hub.cases.forms.filled import Filled
from hub.cases.machine.answers import Fault
from tests.hub.cases.attachments import uploads

FIELDS = (
    Field(id="business", label="Nama usaha"),
    Field(id="nik", label="NIK", kind=FieldKind.NIK),
    Field(id="contact", label="Nomor ponsel", kind=FieldKind.PHONE),
    Field(id="needs", label="Perlengkapan", kind=FieldKind.CHOICES, is_required=False),
)
FILES = (
    Requirement(id="ktp", label="KTP"),
    Requirement(id="foto", label="Foto tempat usaha", kinds=(FileKind.IMAGE,), most_files=2),
)
CLAIMS = Claims("rahasia", "surat-keterangan-usaha")


@pytest.fixture(autouse=True)
def _room_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "free_bytes", lambda _folder: 2**62)


def read(folder: Path, typed: dict[str, list[str]], *files: tuple[str, str, bytes]) -> Filled:
    sent = MultiDict(
        [(f"berkas-{name}", FileStorage(io.BytesIO(data), called)) for name, called, data in files]
    )
    return reading.read_form(
        ImmutableMultiDict([(name, text) for name, texts in typed.items() for text in texts]),
        ImmutableMultiDict(sent),
        fields=FIELDS,
        requirements=FILES,
        claims=CLAIMS,
        folder=folder,
    )


def test_what_was_typed_stays_and_long_numbers_lose_their_grouping(tmp_path: Path) -> None:
    typed = {
        "isi-business": ["  <b>Warung</b> "],
        "isi-nik": ["6171 0141 0890 0001"],
        "isi-contact": ["0812-3456-7890"],
        "isi-needs": ["a", "b"],
        "isi-else": ["not asked for"],
        "catatan": [" tolong "],
    }
    filled = read(tmp_path, typed)
    assert filled.answers == {
        "business": ("  <b>Warung</b> ",),
        "nik": ("6171014108900001",),
        "contact": ("081234567890",),
        "needs": ("a", "b"),
    }
    assert (filled.note, filled.given.files, filled.first("business")) == (
        "tolong",
        frozenset(),
        "<b>Warung</b>",
    )


def test_a_wrong_file_is_a_sentence_that_names_field_and_file_and_the_others_stay(tmp_path: Path) -> None:
    filled = read(
        tmp_path,
        {"isi-business": ["Warung Bu Siti"]},
        ("ktp", "ktp.pdf", uploads.PDF),
        ("foto", "../../liburan.mp4" + "x" * 60, uploads.VIDEO[:5000]),
        ("foto", "toko.jpg", uploads.jpeg()),
        ("foto", "", b""),
    )
    assert {name: len(kept) for name, kept in filled.files.items()} == {"ktp": 1, "foto": 1}
    (said,) = filled.faults["berkas-foto"]
    assert said.startswith("Foto tempat usaha: “../../liburan.mp4xxx")
    assert said.endswith("…” ini video; kirim foto (JPEG, PNG, WebP)")
    assert filled.given.files == {"ktp", "foto"}


def test_files_of_an_earlier_try_come_back_by_their_words_and_forged_words_bring_nothing(
    tmp_path: Path,
) -> None:
    first = read(tmp_path, {}, ("ktp", "ktp.jpg", uploads.jpeg()), ("foto", "1.jpg", uploads.jpeg(700, 500)))
    word = CLAIMS.seal(first.files["ktp"][0])
    again = read(tmp_path, {"ada-ktp": [word, word, "forged", "a" * 64]})
    assert again.files["ktp"] == first.files["ktp"]
    pdf = read(tmp_path, {}, ("ktp", "ktp.pdf", uploads.PDF)).files["ktp"][0]
    assert read(tmp_path, {"ada-foto": [CLAIMS.seal(pdf)]}).files["foto"] == (), "a PDF is no photo"


def test_too_many_files_are_said_and_kept(tmp_path: Path) -> None:
    three = [("foto", f"{side}.jpg", uploads.jpeg(side, 400)) for side in (500, 600, 700)]
    filled = read(tmp_path, {}, *three)
    assert filled.faults["berkas-foto"] == ("Foto tempat usaha: paling banyak 2 berkas, sekarang 3",)
    assert len(filled.files["foto"]) == 3


def test_what_the_machine_says_stands_at_its_control_and_is_not_said_twice(tmp_path: Path) -> None:
    filled = read(tmp_path, {}, ("ktp", "ktp.svg", uploads.SVG))
    said = filled.with_faults([Fault("business", "Nama usaha: belum diisi")]).with_missing(
        ["ktp", "foto"], FILES
    )
    assert said.faults["isi-business"] == ("Nama usaha: belum diisi",)
    assert said.faults["berkas-foto"] == ("Foto tempat usaha: belum ada berkasnya",)
    assert len(said.faults["berkas-ktp"]) == 1

"""Forms as they are drawn: every kind of field of every shipped service, faults, conditions, files."""

from functools import cache
from pathlib import Path

from flask import Flask, render_template_string
from flask_babel import Babel
from jinja2 import FileSystemLoader, PrefixLoader

from hub.cases.attachments.claims import Claims
from hub.cases.attachments.kept import JPEG, PDF, KeptFile
from hub.cases.definition.form import Choice, Condition, Field, FieldKind, Requirement
from hub.cases.forms.filled import Filled
from hub.cases.forms.options import Option
from hub.cases.forms.page import FormPage, page_of
from hub.web.formats import bytes_text
from tests.hub.cases.shipped import SHIPPED

HUB = Path(__file__).parents[4] / "hub"
CLAIMS = Claims("rahasia", "test")
CHOICES = (Choice("ktp_baru", "KTP pertama"), Choice("ktp_hilang", "KTP hilang", "bawa surat polisi"))
KIND = Field(id="kind", label="Keperluan", kind=FieldKind.CHOICE, choices=CHOICES)
LOST = Condition("kind", ("ktp_hilang",))


@cache
def app() -> Flask:
    made = Flask("test")
    Babel(made, default_locale="id")
    made.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    made.jinja_loader = PrefixLoader(
        {name: FileSystemLoader(HUB / name / "templates") for name in ("web", "cases")}
    )
    made.add_template_filter(lambda size: bytes_text(size, "id"), "size")
    return made


def drawn(page: FormPage) -> str:
    text = (
        '{% import "cases/forms/fields.html" as forms with context %}'
        '{{ forms.summary(page) }}{{ forms.fields(page) }}{{ forms.note(page, "Catatan") }}'
    )
    with app().test_request_context():
        return render_template_string(text, page=page)


def test_every_field_and_every_file_of_each_service_has_a_control_with_a_label() -> None:
    for service in SHIPPED:
        text = drawn(page_of(service.fields, service.requirements, Filled(), claims=CLAIMS))
        for field in service.fields:
            assert f'name="isi-{field.id}"' in text, service.code
        for each in service.requirements:
            assert f'<label for="berkas-{each.id}"' in text, service.code


def test_faults_stand_beside_their_field_and_together_on_top_and_nothing_typed_is_lost() -> None:
    fields = (Field(id="name", label="Nama", kind=FieldKind.LONG_TEXT), KIND, Field(id="hour", label="Jam"))
    kept = {"ktp": (KeptFile("a" * 64, JPEG, 20_480, 800, 600), KeptFile("b" * 64, PDF, 99, 0, 0))}
    filled = (
        Filled({"name": ("<script>x</script>",), "kind": ("ktp_hilang",)}, kept, "catatan saya")
        .with_fault("isi-name", "Nama: belum jelas")
        .with_fault("berkas-ktp", "KTP: “a.svg” bukan foto")
        .with_fault("catatan", "Catatan: belum diisi")
    )
    page = page_of(
        fields,
        (Requirement(id="ktp", label="KTP", most_files=3),),
        filled,
        claims=CLAIMS,
        notes={"b" * 64: "dari brankas"},
    )
    text = drawn(page)
    assert [name for name, _ in page.summary] == ["isi-name", "berkas-ktp", "catatan"]
    assert '<a href="#isi-name">Nama: belum jelas</a>' in text
    assert 'aria-describedby="isi-name-salah-1 "' in text
    assert "&lt;script&gt;x&lt;/script&gt;" in text
    assert "<script>" not in text
    assert 'value="ktp_hilang" checked' in text
    assert text.count('name="ada-ktp"') == 2
    assert ("800×600" in text, "dari brankas" in text, "catatan saya</textarea>" in text) == (
        True,
        True,
        True,
    )
    assert CLAIMS.read(page.files[0].kept[0].word) == kept["ktp"][0]


def test_what_hangs_on_an_answer_says_so_in_words_and_to_the_script() -> None:
    fields = (KIND, Field(id="where", label="Hilang di mana", shown_if=LOST))
    page = page_of(
        fields, (Requirement(id="polisi", label="Surat polisi", needed_if=LOST),), Filled(), claims=CLAIMS
    )
    text = drawn(page)
    assert text.count("Hanya bila Keperluan: KTP hilang") == 2
    assert text.count('data-only-if="isi-kind" data-only-values="ktp_hilang"') == 2


def test_what_hangs_on_an_earlier_form_is_decided_by_it() -> None:
    later = (Field(id="where", label="Hilang di mana", shown_if=LOST),)
    hidden = page_of(later, (), Filled(), claims=CLAIMS, known={"kind": ("ktp_baru",)})
    shown = page_of(later, (), Filled(), claims=CLAIMS, known={"kind": ("ktp_hilang",)})
    assert (len(hidden.controls), len(shown.controls)) == (0, 1)
    assert shown.controls[0].only_if is None


def test_options_come_from_the_field_the_city_or_the_page() -> None:
    fields = (
        Field(id="where", label="Kelurahan", kind=FieldKind.KELURAHAN),
        Field(id="sure", label="Baru", kind=FieldKind.YES_NO),
        Field(id="camera", label="Kamera", kind=FieldKind.CAMERA),
    )
    offered = {"camera": (Option("pi-tugu/cam1", "Tugu"),)}
    where, sure, camera = page_of(
        fields, (), Filled({"where": ("61.71.04.1004",)}), claims=CLAIMS, offered=offered
    ).controls
    assert (where.shape, len(where.options), sure.shape, camera.options[0].label) == (
        "list",
        29,
        "buttons",
        "Tugu",
    )
    text = drawn(page_of(fields, (), Filled({"where": ("61.71.04.1004",)}), claims=CLAIMS, offered=offered))
    assert '<optgroup label="Pontianak Utara">' in text
    assert '<option value="61.71.04.1004" selected>Batu Layang</option>' in text

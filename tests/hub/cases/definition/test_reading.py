"""Definitions: what ships is sound, and every mistake of one that is not is named."""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.cases.definition.checking import mistakes_in
from hub.cases.definition.reading import digest, read_definition, read_definitions
from hub.cases.definition.service import Family, ServiceDefinition
from hub.errors import InputError
from tests.hub.cases.shipped import ROLES, SHIPPED

SOUND: dict[str, Any] = {
    "code": "izin-coba",
    "version": 1,
    "label": "Izin coba",
    "family": "permit",
    "applicants": "citizen",
    "start": "masuk",
    "fields": [
        {"id": "size", "label": "Luas", "kind": "number", "least": 1, "most": 9},
        {"id": "use", "label": "Guna", "kind": "choice", "choices": [{"id": "home", "label": "rumah"}]},
        {"id": "extra", "label": "Lain", "shown_if": {"field": "use", "values": ["home"]}},
        {"id": "new", "label": "Baru", "kind": "yes-no"},
    ],
    "requirements": [{"id": "map", "label": "Peta", "needed_if": {"field": "new", "values": ["yes"]}}],
    "document": {"template": "izin", "number": "{serial}", "classification": "600.1"},
    "stages": [
        {
            "id": "masuk",
            "label": "Masuk",
            "public_status": "diterima",
            "roles": ["liaison"],
            "opinions": [{"id": "plan", "label": "Rencana", "role": "liaison"}],
            "clock": {
                "unit": "working-days",
                "amount": 3,
                "escalations": [{"at": 0.5, "to": "liaison"}, {"at": 1.0, "to": "lurah"}],
            },
            "actions": [
                {
                    "id": "terbitkan",
                    "label": "Terbitkan",
                    "to": "terbit",
                    "is_signature": True,
                    "needs_opinions": "all",
                    "effects": ["issue-document"],
                    "only_if": [{"field": "new", "values": ["yes", "no"]}],
                    "asks": ["extra"],
                    "needs_files": ["map"],
                }
            ],
        },
        {"id": "terbit", "label": "Terbit", "public_status": "terbit", "is_end": True},
    ],
}


def changed(path: str, value: object) -> ServiceDefinition:
    """The sound definition with one key set; ``path`` as ``stages.0.roles``."""
    raw = msgspec.json.decode(msgspec.json.encode(SOUND))
    *way, last = path.split(".")
    at = raw
    for key in way:
        at = at[int(key)] if isinstance(at, list) else at[key]
    if value is None:
        del at[last]
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return msgspec.convert(raw, ServiceDefinition)


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda definition: definition.code)
def test_what_ships_is_sound(definition: ServiceDefinition) -> None:
    assert mistakes_in(definition, roles=ROLES) == ()


def test_the_example_of_these_tests_is_sound() -> None:
    assert mistakes_in(msgspec.convert(SOUND, ServiceDefinition), roles=ROLES) == ()


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("start", "nowhere", "start: tidak ada tahap 'nowhere'"),
        ("fields.1.id", "size", "fields: id 'size' dipakai 2 kali"),
        ("fields.1.choices", [], "fields.use: isi choices"),
        ("fields.0.least", 10, "fields.size: least 10 lebih besar"),
        ("fields.2.shown_if.field", "none", "fields.extra.shown_if: tidak ada isian 'none'"),
        ("fields.2.shown_if.field", "new", "harus berdiri sebelum"),
        ("fields.2.shown_if.values", ["office"], "'office' bukan jawaban 'use'; pilih dari home"),
        ("requirements.0.needed_if.values", ["maybe"], "pilih dari yes, no"),
        ("stages.0.roles", ["king"], "tidak ada peran 'king'"),
        ("stages.0.roles", [], "tidak seorang pun boleh"),
        ("stages.0.actions", [], "tidak dapat ditinggalkan"),
        ("stages.0.actions.0.to", "moon", "tidak ada tahap 'moon'"),
        ("stages.0.actions.0.to", "masuk", "tidak ada jalan ke tahap ini"),
        ("stages.0.actions.0.asks", ["what"], "tidak ada isian 'what'"),
        ("stages.0.actions.0.needs_files", ["what"], "tidak ada persyaratan 'what'"),
        ("stages.0.actions.0.is_signature", False, "hanya dengan tanda tangan"),
        ("stages.0.actions.0.effects", [], "tidak ada tindakan yang menerbitkannya"),
        ("stages.0.opinions", [], "tidak meminta pertimbangan"),
        ("stages.0.clock.escalations.0.at", 1.0, "urutkan at"),
        ("stages.1.is_pause", True, "tahap akhir tidak memakai jam"),
        ("stages.0.clock.then", "moon", "tahap ini tidak punya tindakan 'moon'"),
        ("stages.0.clock.then", "terbitkan", "harus boleh dilakukan peran 'system'"),
        ("stages.1.is_end", False, "dari sini tidak ada jalan ke tahap akhir"),
        ("effects", ["issue-document"], "tidak mungkin saat berkas diajukan"),
        ("document", None, "bagian document tidak ada"),
        ("fields.0.label", "Luas \u6c34", "tidak dapat dicetak pada surat"),
        (
            "stages.1.actions",
            [{"id": "lagi", "label": "Lagi", "to": "masuk", "roles": ["liaison"]}],
            "hanya dapat dibuka kembali",
        ),
    ],
)
def test_a_mistake_is_named_with_its_key_and_remedy(path: str, value: object, said: str) -> None:
    found = [str(mistake) for mistake in mistakes_in(changed(path, value), roles=ROLES)]
    assert any(said in text for text in found), found


def test_what_the_system_does_by_itself_asks_nobody_anything() -> None:
    raw = msgspec.json.decode(msgspec.json.encode(SOUND))
    stage = raw["stages"][0]
    stage["clock"]["then"] = "terbitkan"
    stage["roles"] = ["system"]
    raw["clock"] = {"unit": "hours", "amount": 1, "then": "terbitkan"}

    def said(**changes: object) -> list[str]:
        stage["actions"][0] = {"id": "terbitkan", "label": "T", "to": "terbit", **changes}
        definition = msgspec.convert(raw, ServiceDefinition)
        return [str(one) for one in mistakes_in(definition, roles=ROLES) if "then" in one.where]

    assert said(needs_note=True)[0].endswith("meminta isian; sistem tidak dapat mengisinya")
    assert said(is_signature=True)[0].endswith("bersyarat; sistem harus selalu dapat melakukannya")
    assert said() == ["clock.then: hanya jam sebuah tahap yang dapat bertindak sendiri: hapus then"]


def test_a_file_tells_all_its_mistakes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "izin.toml"
    path.write_text('code = "x y"\n')
    with pytest.raises(InputError, match="code"):
        read_definition(path, roles=ROLES)
    path.write_text(
        'code = "coba"\nversion = 1\nlabel = "Coba"\nfamily = "letter"\napplicants = "anyone"\nstart = "a"\n'
        '[[stages]]\nid = "b"\nlabel = "B"\npublic_status = "diterima"\n'
        '[[stages]]\nid = "c"\nlabel = "C"\npublic_status = "diterima"\nroles = ["king"]\n'
    )
    with pytest.raises(InputError) as caught:
        read_definition(path, roles=ROLES)
    assert "start: tidak ada tahap 'a'" in str(caught.value)
    assert "king" in str(caught.value)


def test_what_a_service_leaves_out_comes_from_its_pattern(tmp_path: Path) -> None:
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "izin.toml").write_text(
        'version = 1\nfamily = "permit"\napplicants = "citizen"\nstart = "a"\n'
        '[[stages]]\nid = "a"\nlabel = "A"\npublic_status = "diterima"\nroles = ["liaison"]\n'
        'actions = [{ id = "ok", label = "Ya", to = "b" }]\n'
        '[[stages]]\nid = "b"\nlabel = "B"\npublic_status = "terbit"\nis_end = true\n'
    )
    path = tmp_path / "satu.toml"
    path.write_text('like = "izin"\ncode = "satu"\nlabel = "Satu"\nversion = 2\n')
    (read,) = read_definitions(tmp_path, roles=ROLES)
    assert (read.code, read.version, read.start, len(read.stages)) == ("satu", 2, "a", 2)
    (tmp_path / "dua.toml").write_text(path.read_text())
    with pytest.raises(InputError, match="'satu' versi 2 sudah ada"):
        read_definitions(tmp_path, roles=ROLES)
    path.write_text('like = "surat"\n')
    with pytest.raises(InputError, match="tidak ada pola 'surat'; pilih dari izin"):
        read_definition(path, roles=ROLES)


def test_all_that_the_city_asked_for_ships() -> None:
    families = Counter(definition.family for definition in SHIPPED)
    assert families[Family.LETTER] >= 30
    assert set(families) == set(Family)
    complaint = next(each for each in SHIPPED if each.code == "pengaduan")
    assert len(next(field for field in complaint.fields if field.id == "category").choices) >= 10
    old = {name for definition in SHIPPED for name in definition.old_names}
    assert {"IMB", "SIUP"} <= old, "people look for the words they know"


def test_equal_definitions_have_equal_digests_and_a_stage_that_is_missing_is_an_error() -> None:
    one, same = changed("version", 1), changed("version", 1)
    assert digest(one) == digest(same) != digest(changed("version", 2))
    with pytest.raises(KeyError):
        one.stage("moon")

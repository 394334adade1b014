"""Every fault of a draft has its place in words; what passes can always be walked to an end."""

import random
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.cases.definition.checking import mistakes_in
from hub.cases.definition.service import Applicants, ServiceDefinition
from hub.cases.definition.stages import SYSTEM
from hub.cases.definition.walking import MOST_STATES
from hub.cases.editor.faults import check, named_opds
from hub.cases.letters.paper.templates import shipped_templates
from hub.cases.machine.rules import Done, Given, act, begin
from hub.cases.machine.state import Actor, CaseState
from tests.hub.cases.editor.drafts import Body, around, body_of, checked, plain, said
from tests.hub.cases.machine.test_rules import EVERY_ROLE, NOON, answer
from tests.hub.cases.shipped import ROLES, SHIPPED

LETTER = "surat-keterangan-usaha"


def stage(body: Body, name: str) -> Body:
    return next(each for each in body["stages"] if each["id"] == name)


def action(body: Body, at: str, name: str) -> Body:
    return next(each for each in stage(body, at)["actions"] if each["id"] == name)


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda definition: definition.code)
def test_what_ships_has_no_fault(definition: ServiceDefinition) -> None:
    assert checked(plain(definition)).definition == definition


def test_a_stage_that_nobody_can_leave_is_named() -> None:
    body = body_of(LETTER)
    stage(body, "verifikasi")["actions"] = []
    assert (
        "Tahap “Diperiksa kasi”",
        "tahap ini tidak dapat ditinggalkan: tambah tindakan, atau centang “Tahap akhir”",
    ) in said(body)


def test_a_stage_that_only_the_system_could_leave_is_a_dead_end() -> None:
    body = body_of(LETTER)
    for each in stage(body, "verifikasi")["actions"]:
        each["roles"] = [SYSTEM]
    [(place, text)] = said(body)
    assert place == "Tahap “Diperiksa kasi”"
    assert "tidak dapat sampai ke tahap akhir" in text


def test_conditions_that_leave_an_answer_without_a_way_are_told_with_that_answer() -> None:
    body = body_of("pbg")
    action(body, "kelengkapan", "lengkap")["only_if"] = [{"field": "function", "values": ["hunian", "usaha"]}]
    action(body, "kelengkapan", "kembalikan")["only_if"] = [
        {"field": "function", "values": ["sosial", "usaha"]}
    ]
    [(place, text)] = said(body)
    assert place == "Tahap “Pemeriksaan kelengkapan”"
    assert "tidak dapat sampai ke tahap akhir" in text
    stage(body, "kelengkapan")["actions"].append({"id": "tolak", "label": "Tolak", "to": "ditolak"})
    assert said(body) == []


def test_a_field_that_is_asked_later_may_be_unanswered_in_a_condition() -> None:
    body = body_of("pbg")
    for name in ("lengkap", "kembalikan"):
        action(body, "kelengkapan", name)["only_if"] = [{"field": "inspection", "values": ["baik"]}]
    assert any("tidak dapat sampai" in text for _place, text in said(body))


def test_an_unreachable_stage_and_an_unknown_stage_are_named() -> None:
    body = body_of(LETTER)
    action(body, "diajukan", "lengkap")["to"] = "tiada"
    places = dict(said(body))
    assert (
        "tidak ada tahap 'tiada'"
        in places["Tahap “Diperiksa loket” › Tindakan “Berkas lengkap” › Berkas pindah ke tahap"]
    )
    assert "tidak ada jalan ke tahap ini" in places["Tahap “Diperiksa kasi”"]


@pytest.mark.parametrize(
    ("change", "place", "text"),
    [
        (lambda b: b.update(label=""), "Umum › Nama layanan", "belum diisi"),
        (lambda b: b.update(family=""), "Umum › Rumpun", "belum dipilih"),
        (lambda b: b.update(clock={"unit": "hours"}), "Umum › Jam: banyaknya", "belum diisi"),
        (
            lambda b: b.update(clock={"unit": "hours", "amount": "dua"}),
            "Umum › Jam: banyaknya",
            "harus bilangan bulat",
        ),
        (lambda b: b.update(warna="merah"), "Umum", "kunci warna tidak dikenal; hapus di naskah TOML"),
        (
            lambda b: b.update(stages=[{"label": "x"}]),
            "Umum › stages",
            "setiap bagian perlu id; perbaiki di naskah TOML",
        ),
        (
            lambda b: stage(b, "verifikasi").update(roles=["raja"]),
            "Tahap “Diperiksa kasi” › Peran yang bekerja di sini",
            "tidak ada peran 'raja'",
        ),
        (lambda b: b["fields"][0].update(kind=""), "Isian “Nama usaha” › Jenis jawaban", "belum dipilih"),
        (
            lambda b: b["fields"][0].update(shown_if={"field": "tiada", "values": ["ya"]}),
            "Isian “Nama usaha” › Ditanyakan hanya bila",
            "tidak ada isian 'tiada'",
        ),
        (lambda b: b["fields"][0].update(most="banyak"), "Isian “Nama usaha” › Paling banyak", "harus angka"),
        (
            lambda b: b["requirements"][0].update(most_files=0),
            "Syarat “KTP” › Paling banyak berkas",
            "paling sedikit 1",
        ),
        (
            lambda b: b["document"].update(template="tiada"),
            "Surat › Naskah bawaan",
            "tidak ada naskah “tiada”; pilih dari daftar",
        ),
        (lambda b: b["document"].update(number="nomor"), "Surat › Bentuk nomor", "harus memuat {serial}"),
        (lambda b: b["fields"].pop(), "Surat › Naskah bawaan", "naskah ini tidak cocok"),
        (
            lambda b: b["document"].update(words=words("kepada {tiada}")),
            "Surat › Naskah sendiri: pernyataan",
            "tidak ada isian {tiada}",
        ),
        (
            lambda b: b["document"].update(words=words("{trade.__class__}")),
            "Surat › Naskah sendiri: pernyataan",
            "tidak ada isian {trade.__class__}",
        ),
        (
            lambda b: b["document"].update(words=words("{trade")),
            "Surat › Naskah sendiri: pernyataan",
            "kurung kurawal",
        ),
        (
            lambda b: b["document"].update(words=words("ya", rows=["tiada"])),
            "Surat › Naskah sendiri: jawaban yang dicantumkan",
            "tidak ada isian 'tiada'",
        ),
        (
            lambda b: (
                b["fields"][0].update(is_required=False),
                b["document"].update(words=words("{business}")),
            ),
            "Surat › Naskah sendiri: pernyataan",
            "tidak selalu ada",
        ),
        (lambda b: b["document"].update(signed_by="licensing-head"), "Umum › OPD yang menangani", "isi OPD"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_has_its_place_and_a_remedy(change: Any, place: str, text: str) -> None:
    body = body_of(LETTER)
    change(body)
    found = said(body)
    assert any(where == place and text in words for where, words in found), found


def words(statement: str, **others: Any) -> Body:
    return {"title": "", "opening": "Kami", "statement": statement, "closing": "Demikian", **others}


def test_of_many_choices_any_mixture_is_tried() -> None:
    body = body_of("pinjam-ruang")
    body["family"] = "training"
    first = stage(body, "diajukan")
    for each, values in zip(first["actions"], (["proyektor"], ["konferensi"], ["konsumsi"]), strict=True):
        each["only_if"] = [{"field": "needs", "values": values}]
    [(place, _text)] = said(body)
    assert place == "Tahap “Menunggu persetujuan”", "who needs nothing is stuck"
    body["fields"][-1]["is_required"] = True
    assert said(body) == []


def test_a_condition_on_what_hangs_on_another_answer_knows_when_it_is_not_asked() -> None:
    body = body_of("daftar-pelatihan")
    for each, value in zip(stage(body, "diajukan")["actions"], ("yes", "no", "no"), strict=True):
        each["only_if"] = [{"field": "agrees", "values": [value]}]
    agrees = {"id": "agrees", "label": "Setuju", "kind": "yes-no"}
    body["fields"].append(agrees)
    assert said(body) == []
    agrees["shown_if"] = {"field": "has_business", "values": ["yes"]}
    [(_place, text)] = said(body)
    assert text.startswith("bila has_business = no, berkas tidak dapat sampai ke tahap akhir")


def test_an_opd_that_the_city_does_not_have_is_named() -> None:
    body = body_of("pbg")
    body["opd"] = "Dinas Tiada"
    city = replace(around(body), opds=tuple(named_opds(next(each for each in SHIPPED if each.code == "pbg"))))
    [fault] = check(body, city, shipped_templates()).faults
    assert (fault.place, fault.text) == (
        "Umum › OPD yang menangani",
        "tidak ada OPD “Dinas Tiada”; pilih dari daftar",
    )


def test_a_missing_name_hides_no_other_fault() -> None:
    body = body_of(LETTER)
    body["fields"][0]["label"] = ""
    stage(body, "verifikasi")["actions"] = []
    places = [place for place, _text in said(body)]
    assert places[0] == "Isian “business” › Pertanyaan"
    assert "Tahap “Diperiksa kasi”" in places


def test_own_words_may_name_facts_of_the_office() -> None:
    body = body_of(LETTER)
    body["document"]["words"] = words("{name} pada {office}, usaha {business} {{tetap}}", rows=["*"])
    assert said(body) == []


def test_conditions_that_nobody_could_check_are_refused() -> None:
    body = body_of("pbg")
    many = [{"id": f"p{n}", "label": f"P{n}", "kind": "yes-no"} for n in range(MOST_STATES.bit_length())]
    body["fields"] += many
    stage(body, "kelengkapan")["actions"].append(
        {
            "id": "lain",
            "label": "Lain",
            "to": "ditolak",
            "only_if": [{"field": f["id"], "values": ["yes"]} for f in many],
        }
    )
    assert any("terlalu banyak gabungan syarat" in text for _place, text in said(body))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_a_draft_that_may_be_published_passes_the_engine_and_has_no_dead_end(seed: int) -> None:
    chance = random.Random(seed)
    body = plain(chance.choice(SHIPPED))
    for _ in range(chance.randrange(4)):
        spoil(body, chance)
    definition = checked(body).definition
    if definition is None:
        assert checked(body).faults, "what cannot be published says why"
        return
    assert mistakes_in(definition, roles=ROLES) == ()
    case = some_case(definition, chance)
    for _ in range(12):
        assert reaches_end(definition, case, chance), (definition.code, case.stage, seed)
        after = next_cases(definition, case, chance)
        if not after:
            break
        case = chance.choice(after)


def spoil(body: Body, chance: random.Random) -> None:
    """Change something that may or may not break the way."""
    at = chance.choice(body["stages"])
    names = [each["id"] for each in body["stages"]]
    choices = [each for each in body["fields"] if each.get("choices")]
    if not at["actions"]:
        body["stages"].remove(at)
        return
    one = chance.choice(at["actions"])
    what = chance.randrange(6)
    if what == 0:
        at["actions"].remove(one)
    elif what == 1:
        one["to"] = chance.choice(names)
    elif what == 2 and choices:
        field = chance.choice(choices)
        some = chance.sample(field["choices"], chance.randint(1, len(field["choices"])))
        one.setdefault("only_if", []).append({"field": field["id"], "values": [each["id"] for each in some]})
    elif what == 3:
        one["roles"] = [chance.choice([SYSTEM, "applicant", "liaison"])]
    elif what == 4 and body["fields"]:
        chance.choice(body["fields"])["is_required"] = False
    else:
        body["start"] = chance.choice(names)


def filled(definition: ServiceDefinition, chance: random.Random) -> Given:
    answers = {
        field.id: answer(field, chance)
        for field in definition.fields
        if field.is_required or chance.random() < 0.5
    }
    return Given("dilihat", answers, frozenset(each.id for each in definition.requirements))


def some_case(definition: ServiceDefinition, chance: random.Random) -> CaseState:
    case = begin(definition, filled(definition, chance), applicant=1)
    assert isinstance(case, CaseState)
    return case


ACCOUNTS = count(10)


def next_cases(definition: ServiceDefinition, case: CaseState, chance: random.Random) -> list[CaseState]:
    """Where a case can go by what people do, each time somebody new; the system only where it really acts."""
    at = definition.stage(case.stage)
    good = {opinion.id: True for opinion in at.opinions}
    moved = definition.family in ("internal", "booking") or definition.applicants is Applicants.SYSTEM
    found = []
    for each in at.actions:
        by_clock = at.clock is not None and at.clock.then == each.id
        roles = set(EVERY_ROLE) - (set() if moved or by_clock else {SYSTEM})
        asked = CaseState(case.stage, 1, case.answers, case.files, good, case.steps)
        actor = Actor(next(ACCOUNTS), frozenset(roles))
        done = act(definition, asked, actor, each.id, filled(definition, chance), at=NOON)
        if isinstance(done, Done):
            found.append(done.case)
    return found


def reaches_end(definition: ServiceDefinition, case: CaseState, chance: random.Random) -> bool:
    seen, open_ = set(), [case]
    while open_ and len(seen) < 400:
        here = open_.pop(0)
        if definition.stage(here.stage).is_end:
            return True
        key = (here.stage, tuple(sorted(here.answers.items())))
        if key not in seen:
            seen.add(key)
            open_ += next_cases(definition, here, chance)
    return False

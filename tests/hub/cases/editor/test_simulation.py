"""Past cases walked again: the same version goes the same way, changes show where and why they hold."""

from typing import Any

import msgspec
import pytest

from hub.cases.clock.working_days import WorkingDays
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM
from hub.cases.editor.changes import changes_between
from hub.cases.editor.simulation.replaying import Outcome, Replay
from hub.cases.editor.simulation.trying import Trial, try_on_past
from hub.cases.keeping.versions import newest
from hub.cases.machine.rules import Refusal
from tests.hub.cases.editor.drafts import Body, around, plain
from tests.hub.cases.editor.test_faults import action, stage
from tests.hub.cases.keeping.test_access import one_of_each_way
from tests.hub.cases.keeping.test_walks import by_whoever_may, with_opinions
from tests.hub.cases.office import ZONE, Office, plain_week

LETTER = "surat-keterangan-usaha"


def walked(office: Office, code: str, *actions: str) -> str:
    """A case that went some way, each step by somebody else."""
    number = office.file(code).number
    with office.database.reading() as db:
        definition = newest(db, code)
    assert definition is not None
    for name in actions:
        at = definition.stage(office.read(number).stage)
        with_opinions(office, number, at)
        done = by_whoever_may(office, number, at, next(each for each in at.actions if each.id == name))
        assert not hasattr(done, "reason"), done
    return number


def tried(office: Office, code: str, change: Any = None) -> Trial:
    with office.database.reading() as db:
        definition = newest(db, code)
        assert definition is not None
        body = plain(definition)
        if change is not None:
            change(body)
        new = msgspec.convert(body, ServiceDefinition)
        return try_on_past(db, new, working_days=WorkingDays(plain_week, ZONE))


def only(trial: Trial) -> Replay:
    [one] = trial.replays
    return one


@pytest.mark.parametrize("definition", one_of_each_way(), ids=lambda definition: definition.code)
def test_every_service_replays_its_own_cases_the_same_way(
    office: Office, definition: ServiceDefinition
) -> None:
    number = office.file(definition.code).number
    for _ in range(5):
        at = definition.stage(office.read(number).stage)
        if not at.actions:
            break
        with_opinions(office, number, at)
        by_whoever_may(office, number, at, at.actions[0])
    one = only(tried(office, definition.code))
    assert (one.outcome, one.unasked) == (Outcome.SAME, ()), (one.stage, one.action, one.details)
    assert one.before == one.after


def test_an_action_that_is_gone_holds_the_case_where_it_was_needed(office: Office) -> None:
    walked(office, LETTER, "lengkap", "setuju", "tanda_tangan")
    one = only(tried(office, LETTER, lambda b: stage(b, "verifikasi")["actions"].pop(0)))
    assert (one.outcome, one.stage, one.action) == (Outcome.STUCK, "verifikasi", "setuju")
    assert one.reason is Refusal.NO_SUCH_ACTION


def test_a_role_that_changed_holds_it_and_another_way_is_told(office: Office) -> None:
    walked(office, LETTER, "lengkap", "setuju", "tanda_tangan")
    one = only(tried(office, LETTER, lambda b: stage(b, "tanda_tangan").update(roles=["camat"])))
    assert (one.outcome, one.reason, one.stage) == (Outcome.STUCK, Refusal.NOT_YOURS, "tanda_tangan")

    def past_the_clerk(body: Body) -> None:
        action(body, "verifikasi", "setuju")["to"] = "terbit"
        stage(body, "terbit")["actions"] = [
            {"id": "tanda_tangan", "label": "x", "to": "terbit", "roles": ["lurah"], "effects": ["reopen"]}
        ]

    one = only(tried(office, LETTER, past_the_clerk))
    assert (one.outcome, one.stage, one.action) == (Outcome.OTHER, "verifikasi", "setuju")


def test_new_questions_and_files_are_named_and_do_not_hold(office: Office) -> None:
    walked(office, LETTER, "lengkap")

    def ask_more(body: Body) -> None:
        body["fields"].append({"id": "omzet", "label": "Omzet", "kind": "money"})
        body["requirements"].append({"id": "npwp", "label": "NPWP"})

    trial = tried(office, LETTER, ask_more)
    assert only(trial).outcome is Outcome.SAME
    assert trial.unasked == (("Omzet", 1), ("NPWP", 1))


def test_answers_that_the_new_form_refuses_are_told(office: Office) -> None:
    walked(office, LETTER, "lengkap")
    one = only(tried(office, LETTER, lambda b: b["fields"][0].update(least=200)))
    assert (one.outcome, one.action, one.reason) == (Outcome.STUCK, "file", Refusal.ANSWERS_WRONG)
    assert "paling sedikit 200 huruf" in one.details[0]
    one = only(
        tried(
            office,
            LETTER,
            lambda b: b["document"] and action(b, "diajukan", "lengkap").update(needs_files=["ktp"]),
        )
    )
    assert one.outcome is Outcome.SAME, "a file of the beginning is still there"


def test_an_opinion_that_was_never_asked_holds(office: Office) -> None:
    walked(office, "pbg", "lengkap", "tinjau")

    def ask_one_more(body: Body) -> None:
        more = {"id": "sejarah", "label": "Cagar budaya", "role": "liaison"}
        stage(body, "penilaian")["opinions"].append(more)

    assert only(tried(office, "pbg")).outcome is Outcome.SAME
    one = only(tried(office, "pbg", ask_one_more))
    assert (one.outcome, one.reason) == (Outcome.STUCK, Refusal.OPINIONS_MISSING)


def test_a_shorter_clock_is_due_earlier_and_counts_late_stages(office: Office) -> None:
    walked(office, "pbg", "lengkap")

    def hurry(body: Body) -> None:
        body["clock"]["amount"] = 5
        stage(body, "kelengkapan")["clock"] = {"unit": "hours", "amount": 1}

    clocks = tried(office, "pbg", hurry).clocks
    assert (clocks["earlier"], clocks["later"], clocks["same"]) == (1, 0, 0)
    assert tried(office, "pbg", lambda b: b["clock"].update(amount=90)).clocks["later"] == 1


def test_counts_are_those_of_the_cases(office: Office) -> None:
    walked(office, LETTER, "lengkap", "setuju")
    walked(office, LETTER, "lengkap")
    walked(office, LETTER)
    trial = tried(office, LETTER, lambda b: stage(b, "verifikasi").update(roles=["camat"]))
    assert trial.counts == {"same": 2, "other": 0, "stuck": 1}


def test_changes_are_told_in_words_with_their_place(office: Office) -> None:
    with office.database.reading() as db:
        old = newest(db, "pbg")
    assert old is not None
    body = plain(old)
    body["clock"]["amount"] = 20
    body["fields"][0]["choices"].append({"id": "lain", "label": "Lain", "opd": ""})
    body["fields"].insert(0, body["fields"].pop(3))
    body["requirements"].pop(0)
    action(body, "kelengkapan", "lengkap")["roles"] = ["licensing-head", APPLICANT, SYSTEM]
    action(body, "kelengkapan", "lengkap")["only_if"] = [{"field": "is_new", "values": ["yes"]}]
    stage(body, "penilaian")["opinions"].pop()
    stage(body, "penilaian")["clock"]["escalations"][0]["at"] = 0.5
    new = msgspec.convert(body, ServiceDefinition)
    told = {f"{one.sign} {one.place}: {one.text}" for one in changes_between(old, new, around(body))}
    assert told == {
        "~ Umum: Jam: banyaknya: “28” menjadi “20”",
        "~ Umum: urutan isian berubah",
        "~ Isian “Fungsi bangunan”: Pilihan: “hunian | Hunian, usaha | Usaha, sosial | Sosial budaya, "
        "keagamaan | Keagamaan, khusus | Khusus” menjadi “hunian | Hunian, usaha | Usaha, sosial | Sosial "
        "budaya, keagamaan | Keagamaan, khusus | Khusus, lain | Lain”",
        "- Syarat “KTP”: dihapus",
        "~ Tahap “Pemeriksaan kelengkapan” › Tindakan “Lengkap”: Hanya untuk peran: “kosong” menjadi "
        "“licensing-head, pemohon, sistem”",
        "~ Tahap “Pemeriksaan kelengkapan” › Tindakan “Lengkap”: Hanya bila: “kosong” menjadi "
        "“Bangunan baru = yes”",
        "- Tahap “Penilaian teknis” › Pertimbangan “Proteksi kebakaran”: dihapus",
        "~ Tahap “Penilaian teknis”: Jam: siapa diberi tahu: “80 % liaison, 100 % licensing-head” menjadi "
        "“50 % liaison, 100 % licensing-head”",
    }
    assert [one.text for one in changes_between(None, new, around(body))] == [
        "layanan baru “PBG (dahulu IMB)”"
    ]

"""Saving a part as it is drawn changes nothing; what is typed wrongly is kept as it was typed."""

import pytest
from werkzeug.datastructures import MultiDict

from hub.cases.definition.service import ServiceDefinition
from hub.cases.editor.sheets.controls import Kind, Shape
from hub.cases.editor.sheets.parts import Address, addresses, moved, new_name, part_at, put_part, without_part
from hub.cases.editor.sheets.typed import Drawn, draw_part, read_part
from hub.cases.editor.toml_text import from_toml, to_toml
from hub.errors import InputError
from tests.hub.cases.editor.drafts import Body, around, body_of, checked, plain
from tests.hub.cases.shipped import SHIPPED


def sent(controls: tuple[Drawn, ...]) -> MultiDict[str, str]:
    """What a browser sends of a form that nobody touched."""
    form: MultiDict[str, str] = MultiDict()
    for one in controls:
        if one.shape is Shape.ESCALATIONS:
            for share, role in one.rows:
                form.add(f"{one.name}.at", share)
                form.add(f"{one.name}.to", role)
        elif one.shape in (Shape.TICK, Shape.MANY, Shape.ONE, Shape.CONDITION, Shape.CONDITIONS):
            shown = {value for value, _words in one.offers} | {"ya"}
            shown |= {value for group in one.groups for value, _words in group.offers}
            assert one.chosen <= shown, f"{one.name} hides {one.chosen - shown}"
            # In the order of the page, as browsers do.
            order = [value for group in one.groups for value, _words in group.offers]
            order = order or [value for value, _words in one.offers] or ["ya"]
            for value in order:
                if value in one.chosen:
                    form.add(one.name, value)
        else:
            form.add(one.name, one.text)
    return form


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda definition: definition.code)
def test_a_form_that_nobody_touched_changes_nothing(definition: ServiceDefinition) -> None:
    body = plain(definition)
    for address in list(addresses(body)):
        part = part_at(body, address)
        assert part is not None
        again = read_part(address.kind, sent(draw_part(address.kind, part, around(body))), part)
        body = put_part(body, address, again)
    found = checked(body).definition
    assert found is not None
    assert sorted_lists(plain(found)) == sorted_lists(plain(definition))


def sorted_lists(thing: object) -> object:
    """Ticks come in the order of the page: lists of names mean the same in any order."""
    if isinstance(thing, dict):
        return {key: sorted_lists(value) for key, value in thing.items()}
    if isinstance(thing, list):
        parts = [sorted_lists(each) for each in thing]
        return sorted(parts, key=str) if all(isinstance(each, str) for each in parts) else parts
    return thing


def typed(**values: str | list[str]) -> MultiDict[str, str]:
    form: MultiDict[str, str] = MultiDict()
    for name, value in values.items():
        for text in [value] if isinstance(value, str) else value:
            form.add(name.replace("__", "."), text)
    return form


def test_choices_are_one_line_each_and_keep_what_the_line_does_not_say() -> None:
    old = {"id": "trade", "choices": [{"id": "jasa", "label": "Jasa", "hint": "apa saja"}]}
    lines = "Jasa\r\nwarung = Warung | Dinas Perdagangan\r\n\r\n2 roda\r\nWarung"
    part = read_part(Kind.FIELD, typed(label="Bidang", kind="choice", choices=lines), old)
    assert part["choices"] == [
        {"id": "jasa", "label": "Jasa", "hint": "apa saja", "opd": ""},
        {"id": "warung", "label": "Warung", "opd": "Dinas Perdagangan"},
        {"id": "x_2_roda", "label": "2 roda", "opd": ""},
        {"id": "warung_2", "label": "Warung", "opd": ""},
    ]


def test_what_is_no_number_stays_what_was_typed() -> None:
    part = read_part(Kind.FIELD, typed(label="A", kind="number", least="dua", most="2,5"), {"id": "a"})
    assert (part["least"], part["most"]) == ("dua", 2.5)
    again = draw_part(Kind.FIELD, part, around({}))
    assert {one.name: one.text for one in again if one.name in ("least", "most")} == {
        "least": "dua",
        "most": "2.5",
    }


def test_a_condition_on_two_fields_is_kept_and_told() -> None:
    body = body_of("pbg")
    both = typed(label="Baru", kind="yes-no", shown_if=["function=usaha", "is_new=no"])
    body["fields"].append({**read_part(Kind.FIELD, both, {}), "id": "lain"})
    drawn = draw_part(Kind.FIELD, body["fields"][-1], around(body))
    shown = next(one for one in drawn if one.name == "shown_if")
    assert shown.chosen == {"function=usaha", "is_new=no"}
    assert [fault.address for fault in checked(body).faults] == [Address(Kind.FIELD, "lain")]


def test_a_clock_without_a_unit_and_words_without_a_sentence_are_none() -> None:
    assert read_part(Kind.STAGE, typed(clock__amount="3"), {"clock": {"unit": "hours"}})["clock"] is None
    letter = read_part(Kind.DOCUMENT, typed(number="{serial}", words__title="Surat"), {})
    assert letter["words"] is None


def test_parts_are_added_moved_and_taken_out() -> None:
    body: Body = {"stages": [{"id": "a"}, {"id": "b", "actions": [{"id": "x"}, {"id": "y"}]}]}
    inner = Address(Kind.ACTION, "y", "b")
    assert [each["id"] for each in moved(body, inner, -1)["stages"][1]["actions"]] == ["y", "x"]
    assert moved(body, Address(Kind.STAGE, "a"), -1) == body
    assert [each["id"] for each in without_part(body, Address(Kind.STAGE, "a"))["stages"]] == ["b"]
    assert without_part({"document": {"number": "1"}}, Address(Kind.DOCUMENT)) == {"document": None}
    assert new_name(body, Address(Kind.STAGE), "A") == "a_2"
    assert new_name(body, Address(Kind.STAGE), "…") == "tahap"
    assert put_part(body, inner, {"id": "y", "label": "Y"})["stages"][1]["actions"][1]["label"] == "Y"


def test_a_draft_survives_the_way_through_toml() -> None:
    for definition in SHIPPED:
        found = checked(from_toml(to_toml(plain(definition)))).definition
        assert found == definition, definition.code


@pytest.mark.parametrize("text", ["kunci = ", "tanggal = 2026-11-22", "a = " + "[" * 5000])
def test_what_is_no_toml_of_ours_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError):
        from_toml(text)

"""A part as it is typed and as it is kept: both ways, nothing lost, nothing judged. Pure.

What is no number stays the text that it was: the faults of the draft say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from hub.cases.editor.sheets.controls import SHEETS, Control, Kind, Shape
from hub.cases.editor.sheets.offered import Around, Offer, condition_groups
from hub.cases.editor.sheets.parts import Body, is_part, parts_of, spelled, unlike

MOST_LETTERS = 4000
# The words that any letter has without its own (``hub.cases.letters.paper.templates``).
GENERAL = "umum"
# Three shares of a promised time are told to somebody; a fourth row is for one more.
ESCALATION_ROWS = 4
_TEXTS = (Shape.LINE, Shape.AREA, Shape.ONE)

Typed = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of one field to tick in a condition."""

    label: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One control with what stands in it. ``rows`` are the shares and roles of a clock."""

    name: str
    label: str
    hint: str
    shape: Shape
    text: str = ""
    chosen: frozenset[str] = frozenset()
    offers: tuple[Offer, ...] = ()
    groups: tuple[Group, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


def read_part(kind: Kind, typed: Typed, old: Mapping[str, Any]) -> Body:
    """Return a part as it was typed; what its form does not show stays as it was."""
    part: Body = {key: value for key, value in old.items() if key not in _groups_of(kind)}
    for group in _groups_of(kind):
        inner = old.get(group)
        part[group] = dict(inner) if isinstance(inner, dict) else {}
    for control in SHEETS[kind]:
        _put(part, control.key, _read(control, typed, _value(old, control.key)))
    return _without_empty_groups(kind, part)


def draw_part(kind: Kind, part: Mapping[str, Any], around: Around) -> tuple[Drawn, ...]:
    """Return the controls of a part as a template draws them."""
    return tuple(_drawn(control, part, around) for control in SHEETS[kind])


def _read(control: Control, typed: Typed, old: Any) -> Any:
    texts = [text.strip()[:MOST_LETTERS] for text in typed.getlist(control.key)]
    first = texts[0] if texts else ""
    if control.shape in _TEXTS:
        return first.replace("\r\n", "\n")
    if control.shape is Shape.NUMBER:
        return _number(first)
    if control.shape is Shape.TICK:
        return bool(first)
    if control.shape is Shape.LINES:
        return [line.strip() for line in first.splitlines() if line.strip()]
    if control.shape is Shape.CHOICES:
        return _choices(first, old)
    if control.shape is Shape.ESCALATIONS:
        return _escalations(typed, control.key)
    if control.shape is Shape.MANY:
        return texts
    found = _conditions(texts)
    if control.shape is Shape.CONDITIONS:
        return found
    # More than one field cannot be said here: the second is kept, and the faults say what is wrong.
    return (found[0] if len(found) == 1 else {"field": "", "values": texts}) if found else None


def _number(text: str) -> Any:
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def _choices(text: str, old: Any) -> list[Body]:
    before = {each["id"]: each for each in old if is_part(each)} if isinstance(old, (list, tuple)) else {}
    by_label = {str(each.get("label")): name for name, each in before.items()}
    found: list[Body] = []
    for line in (each.strip() for each in text.splitlines()):
        if not line:
            continue
        said, _bar, opd = line.partition("|")
        code, is_named, label = said.partition("=")
        label = (label if is_named else code).strip()
        wanted = code.strip() if is_named else by_label.get(label) or spelled(label) or "pilihan"
        name = unlike(wanted, {each["id"] for each in found})
        found.append({**before.get(name, {}), "id": name, "label": label, "opd": opd.strip()})
    return found


def _escalations(typed: Typed, key: str) -> list[Body]:
    shares, roles = typed.getlist(f"{key}.at"), typed.getlist(f"{key}.to")
    found = []
    for share, role in zip(shares, roles, strict=False):
        percent = _number(share.strip())
        if percent is not None or role:
            at = percent / 100 if isinstance(percent, (int, float)) else percent
            found.append({"at": at, "to": role})
    return found


def _conditions(texts: Sequence[str]) -> list[Body]:
    by_field: dict[str, list[str]] = {}
    for text in texts:
        field, _equals, value = text.partition("=")
        by_field.setdefault(field, []).append(value)
    return [{"field": field, "values": values} for field, values in by_field.items()]


def _drawn(control: Control, part: Mapping[str, Any], around: Around) -> Drawn:
    value = _value(part, control.key)
    chosen = frozenset(_ticks(control.shape, value))
    offers = around.offers(control.options, part) if control.options else ()
    return Drawn(
        name=control.key,
        label=control.label,
        hint=control.hint,
        shape=control.shape,
        text=_text(control.shape, value),
        chosen=chosen,
        # What is chosen and not offered stays in sight, so that saving does not lose it.
        offers=(*offers, *((each, each) for each in sorted(chosen - {offer[0] for offer in offers} - {""})))
        if control.shape in (Shape.ONE, Shape.MANY)
        else offers,
        groups=_groups(around.body, chosen) if control.shape in (Shape.CONDITION, Shape.CONDITIONS) else (),
        rows=_rows(value) if control.shape is Shape.ESCALATIONS else (),
    )


def _ticks(shape: Shape, value: Any) -> list[str]:
    if shape is Shape.TICK:
        return ["ya"] if value else []
    if shape is Shape.ONE:
        return [str(value)] if value else []
    if shape is Shape.MANY:
        return [str(each) for each in value] if isinstance(value, (list, tuple)) else []
    if shape is Shape.CONDITION:
        return _ticks_of([value])
    if shape is Shape.CONDITIONS:
        return _ticks_of(value if isinstance(value, (list, tuple)) else [])
    return []


def _ticks_of(conditions: Sequence[Any]) -> list[str]:
    return [
        f"{each['field']}={value}" if each.get("field") else str(value)
        for each in conditions
        if isinstance(each, dict)
        for value in each.get("values", ())
    ]


def _groups(body: Mapping[str, Any], chosen: frozenset[str]) -> tuple[Group, ...]:
    found = [
        Group(label, tuple((f"{name}={value}", words) for value, words in answers))
        for name, label, answers in condition_groups(body)
    ]
    offered = {value for group in found for value, _words in group.offers}
    others = tuple((each, each) for each in sorted(chosen - offered))
    return (*found, *((Group("Lainnya", others),) if others else ()))


def _text(shape: Shape, value: Any) -> str:
    if shape is Shape.LINES:
        return "\n".join(str(each) for each in value) if isinstance(value, (list, tuple)) else ""
    if shape is Shape.CHOICES:
        return "\n".join(_choice_line(each) for each in parts_of({"choices": value}, "choices"))
    if shape is Shape.NUMBER:
        return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)
    return str(value) if isinstance(value, str) else ""


def _choice_line(choice: Mapping[str, Any]) -> str:
    line = f"{choice['id']} = {choice.get('label', '')}"
    return f"{line} | {choice['opd']}" if choice.get("opd") else line


def _rows(value: Any) -> tuple[tuple[str, str], ...]:
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, (list, tuple)) else []
    rows = [(_percent(each.get("at")), str(each.get("to", ""))) for each in found]
    return (*rows, *[("", "")] * max(1, ESCALATION_ROWS - len(rows)))


def _percent(share: Any) -> str:
    return f"{share * 100:g}" if isinstance(share, (int, float)) else str(share or "")


def _value(part: Mapping[str, Any], key: str) -> Any:
    group, _dot, name = key.rpartition(".")
    inner = part.get(group) if group else part
    return inner.get(name) if isinstance(inner, Mapping) else None


def _put(part: Body, key: str, value: Any) -> None:
    group, _dot, name = key.rpartition(".")
    inner = part[group] if group else part
    if value is None:
        inner.pop(name, None)
    else:
        inner[name] = value


def _groups_of(kind: Kind) -> frozenset[str]:
    """Return the keys that hold several values of a form: a clock, the words of a letter."""
    return frozenset(one.key.rpartition(".")[0] for one in SHEETS[kind]) - {""}


def _without_empty_groups(kind: Kind, part: Body) -> Body:
    """Take a clock without a unit out, and words without a sentence."""
    told = {"clock": ("unit",), "words": ("opening", "statement", "closing")}
    for group in _groups_of(kind):
        if not any(part[group].get(key) for key in told[group]):
            part[group] = None
    if kind is Kind.DOCUMENT:
        part["template"] = part.get("template") or GENERAL
    return part

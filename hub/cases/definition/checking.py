"""What types cannot see in a definition: dead ends, unknown names, promises out of order. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.cases.definition.form import Condition, Field, FieldKind
from hub.cases.definition.letter import wording_mistakes
from hub.cases.definition.printable import unprintable_in
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM, Action, ClockRule, Effect, Stage
from hub.cases.definition.walking import TooManyWaysError, dead_ends

_WITH_CHOICES = (FieldKind.CHOICE, FieldKind.CHOICES)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong: the path of its key and a sentence with the remedy, in Indonesian."""

    where: str
    text: str

    def __str__(self) -> str:
        """Return both, as a list of mistakes shows them."""
        return f"{self.where}: {self.text}"


def mistakes_in(definition: ServiceDefinition, *, roles: Iterable[str]) -> tuple[Mistake, ...]:
    """Return every mistake of a definition; none means that a case can always go on to an end.

    Args:
        definition: What was read.
        roles: The roles that accounts can hold.
    """
    known = frozenset(roles) | {APPLICANT, SYSTEM}
    found = (
        *_doubled_ids(definition),
        *_form_mistakes(definition),
        *(mistake for stage in definition.stages for mistake in _stage_mistakes(definition, stage, known)),
        *_clock_mistakes("clock", definition.clock, known),
        *_beginning_mistakes(definition),
        *_way_mistakes(definition),
        *_document_mistakes(definition),
    )
    # Only what is otherwise whole can be walked.
    return found or tuple(_dead_end_mistakes(definition))


def _doubled_ids(definition: ServiceDefinition) -> Iterator[Mistake]:
    groups = {
        "fields": [field.id for field in definition.fields],
        "requirements": [requirement.id for requirement in definition.requirements],
        "stages": [stage.id for stage in definition.stages],
    }
    for stage in definition.stages:
        groups[f"stages.{stage.id}.actions"] = [action.id for action in stage.actions]
        groups[f"stages.{stage.id}.opinions"] = [opinion.id for opinion in stage.opinions]
    for where, ids in groups.items():
        for name, times in Counter(ids).items():
            if times > 1:
                yield Mistake(where, f"id {name!r} dipakai {times} kali; beri nama yang berbeda")


def _form_mistakes(definition: ServiceDefinition) -> Iterator[Mistake]:
    for field in definition.fields:
        where = f"fields.{field.id}"
        if (field.kind in _WITH_CHOICES) != bool(field.choices):
            yield Mistake(where, "isi choices bila kind choice atau choices, dan hanya untuk itu")
        if field.least is not None and field.most is not None and field.least > field.most:
            yield Mistake(where, f"least {field.least:g} lebih besar daripada most {field.most:g}")
        if field.shown_if is not None:
            yield from _condition_mistakes(definition, f"{where}.shown_if", field.shown_if, before=field.id)
    for requirement in definition.requirements:
        if requirement.needed_if is not None:
            where = f"requirements.{requirement.id}.needed_if"
            yield from _condition_mistakes(definition, where, requirement.needed_if)


def _condition_mistakes(
    definition: ServiceDefinition, where: str, condition: Condition, *, before: str = ""
) -> Iterator[Mistake]:
    names = [field.id for field in definition.fields]
    if condition.field not in names:
        yield Mistake(
            where, f"tidak ada isian {condition.field!r}; pilih dari {', '.join(names) or 'fields'}"
        )
        return
    if before and names.index(condition.field) >= names.index(before):
        yield Mistake(where, f"isian {condition.field!r} harus berdiri sebelum {before!r}")
    field = next(field for field in definition.fields if field.id == condition.field)
    offered = _answers_of(field)
    for value in condition.values:
        if offered is not None and value not in offered:
            yield Mistake(where, f"{value!r} bukan jawaban {field.id!r}; pilih dari {', '.join(offered)}")


def _answers_of(field: Field) -> tuple[str, ...] | None:
    if field.kind is FieldKind.YES_NO:
        return ("yes", "no")
    return tuple(choice.id for choice in field.choices) if field.kind in _WITH_CHOICES else None


def _stage_mistakes(definition: ServiceDefinition, stage: Stage, roles: frozenset[str]) -> Iterator[Mistake]:
    where = f"stages.{stage.id}"
    yield from _role_mistakes(f"{where}.roles", stage.roles, roles)
    yield from _role_mistakes(f"{where}.opinions", [opinion.role for opinion in stage.opinions], roles)
    yield from _clock_mistakes(f"{where}.clock", stage.clock, roles)
    if not stage.actions and not stage.is_end:
        yield Mistake(where, "tahap ini tidak dapat ditinggalkan: tambah tindakan, atau is_end = true")
    if stage.is_end and (stage.clock or stage.is_pause):
        yield Mistake(where, "tahap akhir tidak memakai jam: hapus clock dan is_pause")
    if stage.clock and stage.clock.then:
        yield from _then_mistakes(stage, stage.clock.then)
    for action in stage.actions:
        yield from _action_mistakes(definition, stage, action, roles)


def _action_mistakes(
    definition: ServiceDefinition, stage: Stage, action: Action, roles: frozenset[str]
) -> Iterator[Mistake]:
    where = f"stages.{stage.id}.actions.{action.id}"
    yield from _role_mistakes(f"{where}.roles", action.roles, roles)
    if not action.roles and not stage.roles:
        yield Mistake(where, "tidak seorang pun boleh melakukannya: isi roles pada tindakan atau tahap")
    if action.to not in {each.id for each in definition.stages}:
        yield Mistake(f"{where}.to", f"tidak ada tahap {action.to!r}")
    for name in set(action.asks) - {field.id for field in definition.fields}:
        yield Mistake(f"{where}.asks", f"tidak ada isian {name!r}")
    for name in set(action.needs_files) - {requirement.id for requirement in definition.requirements}:
        yield Mistake(f"{where}.needs_files", f"tidak ada persyaratan {name!r}")
    for number, condition in enumerate(action.only_if):
        yield from _condition_mistakes(definition, f"{where}.only_if[{number}]", condition)
    if action.needs_opinions and not stage.opinions:
        yield Mistake(f"{where}.needs_opinions", "tahap ini tidak meminta pertimbangan (opinions)")
    if stage.is_end and Effect.REOPEN not in action.effects:
        yield Mistake(where, "tahap akhir hanya dapat dibuka kembali: beri effects = ['reopen']")


def _role_mistakes(where: str, names: Iterable[str], roles: frozenset[str]) -> Iterator[Mistake]:
    for name in sorted(set(names) - roles):
        yield Mistake(where, f"tidak ada peran {name!r}; pilih dari {', '.join(sorted(roles))}")


def _clock_mistakes(where: str, clock: ClockRule | None, roles: frozenset[str]) -> Iterator[Mistake]:
    if clock is None:
        return
    shares = [escalation.at for escalation in clock.escalations]
    if shares != sorted(set(shares)):
        yield Mistake(f"{where}.escalations", "urutkan at dari kecil ke besar, tanpa yang sama")
    yield from _role_mistakes(f"{where}.escalations", [each.to for each in clock.escalations], roles)
    if where == "clock" and clock.then:
        yield Mistake("clock.then", "hanya jam sebuah tahap yang dapat bertindak sendiri: hapus then")


def _then_mistakes(stage: Stage, then: str) -> Iterator[Mistake]:
    """What the system does by itself must ask nobody anything."""
    where = f"stages.{stage.id}.clock.then"
    action = next((each for each in stage.actions if each.id == then), None)
    if action is None:
        yield Mistake(where, f"tahap ini tidak punya tindakan {then!r}")
    elif SYSTEM not in (action.roles or stage.roles):
        yield Mistake(where, f"tindakan {then!r} harus boleh dilakukan peran 'system'")
    elif action.needs_note or action.asks or action.is_form_again or action.needs_files:
        yield Mistake(where, f"tindakan {then!r} meminta isian; sistem tidak dapat mengisinya")
    elif action.is_signature or action.is_four_eyes or action.needs_opinions or action.only_if:
        yield Mistake(where, f"tindakan {then!r} bersyarat; sistem harus selalu dapat melakukannya")


def _way_mistakes(definition: ServiceDefinition) -> Iterator[Mistake]:
    stages = {stage.id: stage for stage in definition.stages}
    if definition.start not in stages:
        yield Mistake("start", f"tidak ada tahap {definition.start!r}")
        return
    ways = {name: {action.to for action in stage.actions} & set(stages) for name, stage in stages.items()}
    reached = _closure({definition.start}, ways)
    for name in sorted(set(stages) - reached):
        yield Mistake(f"stages.{name}", "tidak ada jalan ke tahap ini: arahkan tindakan ke sini, atau hapus")
    back: dict[str, set[str]] = {name: {other for other in stages if name in ways[other]} for name in stages}
    ending = _closure({name for name, stage in stages.items() if stage.is_end}, back)
    for name in sorted(reached - ending):
        yield Mistake(f"stages.{name}", "dari sini tidak ada jalan ke tahap akhir (is_end)")


def _closure(begin: set[str], ways: dict[str, set[str]]) -> set[str]:
    found, open_ = set(begin), list(begin)
    while open_:
        for name in ways[open_.pop()] - found:
            found.add(name)
            open_.append(name)
    return found


def _dead_end_mistakes(definition: ServiceDefinition) -> Iterator[Mistake]:
    try:
        for end in dead_ends(definition):
            told = ", ".join(f"{name} = {text}" for name, text in end.answers.items())
            why = f"bila {told}, " if told else ""
            yield Mistake(
                f"stages.{end.stage}",
                f"{why}berkas tidak dapat sampai ke tahap akhir: "
                "beri tindakan tanpa syarat (only_if), atau yang dapat dilakukan seseorang",
            )
    except TooManyWaysError:
        yield Mistake("stages", "terlalu banyak gabungan syarat (only_if) untuk diperiksa; kurangi syaratnya")


def _unprintable_words(definition: ServiceDefinition) -> Iterator[Mistake]:
    """Find what a letter could never show: its own words, and what stands before the answers."""
    words = definition.document.words if definition.document else None
    texts = {"label": definition.label}
    texts |= {f"fields.{field.id}": field.label for field in definition.fields}
    texts |= {
        f"fields.{field.id}.choices.{choice.id}": choice.label
        for field in definition.fields
        for choice in field.choices
    }
    if words is not None:
        texts |= {"document.words.title": words.title}
        texts |= {f"document.words.{key}": text for key, text in words.sentences().items()}
    for where, text in texts.items():
        if sign := unprintable_in(text):
            yield Mistake(where, f"tanda {sign!r} tidak dapat dicetak pada surat; tulis dengan huruf Latin")


def _beginning_mistakes(definition: ServiceDefinition) -> Iterator[Mistake]:
    for effect in definition.effects:
        if effect is not Effect.RESERVE:
            yield Mistake("effects", f"{effect.value!r} tidak mungkin saat berkas diajukan; hanya 'reserve'")


def _document_mistakes(definition: ServiceDefinition) -> Iterator[Mistake]:
    issuing = [
        (stage, action)
        for stage in definition.stages
        for action in stage.actions
        if Effect.ISSUE_DOCUMENT in action.effects
    ]
    if definition.document and definition.document.words is not None:
        fields = {field.id: field for field in definition.fields}
        for key, text in wording_mistakes(definition.document.words, fields):
            yield Mistake(f"document.words.{key}", text)
    if definition.document:
        yield from _unprintable_words(definition)
    if definition.document and not issuing:
        yield Mistake("document", "tidak ada tindakan yang menerbitkannya: beri effects = ['issue-document']")
    for stage, action in issuing:
        where = f"stages.{stage.id}.actions.{action.id}"
        if definition.document is None:
            yield Mistake(where, "menerbitkan dokumen, tetapi bagian document tidak ada")
        if not action.is_signature:
            yield Mistake(where, "dokumen terbit hanya dengan tanda tangan: is_signature = true")

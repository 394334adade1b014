"""Whether every case can go on to an end, whatever its answers are. Pure.

``checking`` looks at the arrows; conditions may close all arrows of a stage for some answers. Here
every combination of the answers that conditions ask for walks every way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from hub.cases.definition.form import Condition, Field, FieldKind
from hub.cases.definition.service import Applicants, Family, ServiceDefinition
from hub.cases.definition.stages import SYSTEM, Action, Stage

# More combinations than any service of a city has; past it nobody understands the conditions either.
MOST_STATES = 20_000
_OTHER = "\x00"  # any text that no condition names
# Their cases are moved by other parts of the hub: the outage logic, the calendar of rooms.
_MOVED_BY_SYSTEM = frozenset({Family.INTERNAL, Family.BOOKING})

_Answers = tuple[tuple[str, tuple[str, ...]], ...]
_State = tuple[str, _Answers]


class TooManyWaysError(ValueError):
    """The conditions of a service have more combinations than anybody could check."""


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A stage where a case may be stuck, and answers with which it is."""

    stage: str
    answers: Mapping[str, str]


def dead_ends(definition: ServiceDefinition) -> tuple[DeadEnd, ...]:
    """Return where a case may be stuck; each stage once.

    Args:
        definition: Without any other mistake.

    Raises:
        TooManyWaysError: more than :data:`MOST_STATES` combinations.
    """
    walk = _Walk(definition)
    back = walk.explore()
    ends = [state for state in back if definition.stage(state[0]).is_end]
    fine = _closure(ends, back)
    stuck: dict[str, DeadEnd] = {}
    for stage, answers in back:
        if (stage, answers) not in fine and stage not in stuck:
            told = {name: " + ".join(texts) for name, texts in answers if texts and _OTHER not in texts}
            stuck[stage] = DeadEnd(stage, told)
    return tuple(stuck.values())


class _Walk:
    """Every (stage, answers) that a case can come to."""

    def __init__(self, definition: ServiceDefinition) -> None:
        self._definition = definition
        self._fields = {field.id: field for field in definition.fields}
        self._watched = self._with_those_they_hang_on(_asked_in_actions(definition))
        self._named = self._named_values()

    def explore(self) -> dict[_State, set[_State]]:
        """Return each state with those that lead to it."""
        first = self._definition.first_form
        begun = {(self._definition.start, answers) for answers in self._filled(first, {})}
        back: dict[_State, set[_State]] = {state: set() for state in begun}
        open_ = list(begun)
        while open_:
            state = open_.pop()
            for after in self._next(state):
                if after not in back:
                    back[after] = set()
                    open_.append(after)
                    if len(back) > MOST_STATES:
                        raise TooManyWaysError
                back[after].add(state)
        return back

    def _next(self, state: _State) -> Iterator[_State]:
        stage, answers = self._definition.stage(state[0]), dict(state[1])
        for action in stage.actions:
            if self._somebody_can(stage, action) and all(_holds(each, answers) for each in action.only_if):
                asked = self._asked_by(action)
                kept = {name: texts for name, texts in answers.items() if name not in {f.id for f in asked}}
                yield from ((action.to, after) for after in self._filled(asked, kept))

    def _asked_by(self, action: Action) -> tuple[Field, ...]:
        again = self._definition.first_form if action.is_form_again else ()
        return (*again, *(field for field in self._definition.fields if field.id in action.asks))

    def _somebody_can(self, stage: Stage, action: Action) -> bool:
        if set(action.roles or stage.roles) - {SYSTEM}:
            return True
        by_clock = stage.clock is not None and stage.clock.then == action.id
        moved = self._definition.family in _MOVED_BY_SYSTEM
        return by_clock or moved or self._definition.applicants is Applicants.SYSTEM

    def _filled(self, asked: Sequence[Field], known: Mapping[str, tuple[str, ...]]) -> list[_Answers]:
        """Return every way to fill a form in, as far as conditions care."""
        found: list[dict[str, tuple[str, ...]]] = [dict(known)]
        for field in asked:
            if field.id in self._watched:
                found = [
                    {**before, field.id: texts}
                    for before in found
                    for texts in self._answers_to(field, before)
                ]
                if len(found) > MOST_STATES:
                    raise TooManyWaysError
        return [tuple(sorted(answers.items())) for answers in found]

    def _answers_to(self, field: Field, before: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
        if field.shown_if is not None and not _holds(field.shown_if, before):
            return [()]
        named = self._named[field.id]
        several = field.kind is FieldKind.CHOICES
        found: list[tuple[str, ...]] = _subsets(named) if several else [(text,) for text in named]
        return found if field.is_required else [*found, ()]

    def _named_values(self) -> dict[str, tuple[str, ...]]:
        actions = (action for stage in self._definition.stages for action in stage.actions)
        conditions = [each for action in actions for each in action.only_if]
        conditions += [f.shown_if for f in self._definition.fields if f.shown_if and f.id in self._watched]
        named: dict[str, set[str]] = {name: set() for name in self._watched}
        for each in conditions:
            named.setdefault(each.field, set()).update(each.values)
        return {
            name: (*sorted(texts), *_one_more(self._fields[name], texts)) for name, texts in named.items()
        }

    def _with_those_they_hang_on(self, names: set[str]) -> frozenset[str]:
        found, open_ = set(names), list(names)
        while open_:
            shown_if = self._fields[open_.pop()].shown_if
            if shown_if is not None and shown_if.field not in found:
                found.add(shown_if.field)
                open_.append(shown_if.field)
        return frozenset(found)


def _asked_in_actions(definition: ServiceDefinition) -> set[str]:
    return {each.field for stage in definition.stages for action in stage.actions for each in action.only_if}


def _holds(condition: Condition, answers: Mapping[str, tuple[str, ...]]) -> bool:
    return bool(set(answers.get(condition.field, ())) & set(condition.values))


def _one_more(field: Field, named: set[str]) -> tuple[str, ...]:
    """Return an answer that no condition names, if there is one: it stands for all of them."""
    if field.kind is not FieldKind.YES_NO and not field.choices:
        return (_OTHER,)
    offered = ("yes", "no") if field.kind is FieldKind.YES_NO else tuple(each.id for each in field.choices)
    return tuple(each for each in offered if each not in named)[:1]


def _subsets(texts: Sequence[str]) -> list[tuple[str, ...]]:
    sizes = range(1, len(texts) + 1)
    if 2 ** len(texts) > MOST_STATES:
        raise TooManyWaysError
    return list(chain.from_iterable(combinations(texts, size) for size in sizes))


def _closure(begin: Iterable[_State], back: Mapping[_State, set[_State]]) -> set[_State]:
    found = set(begin)
    open_ = list(found)
    while open_:
        for state in back[open_.pop()] - found:
            found.add(state)
            open_.append(state)
    return found

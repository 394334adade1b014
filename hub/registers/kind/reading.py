"""Kinds from TOML files, checked whole: a mistake of a file is named when the hub starts, not on a screen."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from edge.wire.strict_toml import TomlError, read_toml
from hub.errors import ConfigError, NotFoundError
from hub.registers.kind.fields import Field, FieldKind, Kind

SHIPPED = Path(__file__).parents[1] / "kinds"
# The order of the groups on the first page; others follow.
_GROUPS = ("Perangkat daerah dan sistem", "Rencana dan anggaran", "Isi dan data", "Kawasan dan pengawasan")
# Columns that every table has besides the fields.
RESERVED = frozenset({"opd", "berlaku_dari", "berlaku_sampai", "sumber", "mutu", "id", "versi"})


@cache
def shipped_kinds() -> Mapping[str, Kind]:
    """Return the kinds that the product ships, by code."""
    return read_kinds(SHIPPED)


def kind_of(code: str) -> Kind:
    """Return a kind.

    Raises:
        NotFoundError: there is none of that code.
    """
    found = shipped_kinds().get(code)
    if found is None:
        raise NotFoundError(f"register {code}")
    return found


def read_kinds(folder: Path) -> Mapping[str, Kind]:
    """Read all kinds of a folder, by group and label.

    Raises:
        ConfigError: names every mistake with its file.
    """
    kinds: dict[str, Kind] = {}
    mistakes: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            kind = read_toml(path, Kind)
        except TomlError as error:
            mistakes.append(str(error))
            continue
        mistakes += [f"{path.name}: {one}" for one in _mistakes_in(kind)]
        if kind.code in kinds or kind.code != path.stem:
            mistakes.append(f"{path.name}: code {kind.code!r} is not the name of the file, or is there twice")
        kinds[kind.code] = kind
    mistakes += [f"{kind.code}: {one}" for kind in kinds.values() for one in _links_of(kind, kinds)]
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    order = sorted(kinds.values(), key=lambda one: (_group_order(one.group), one.group, one.label))
    return MappingProxyType({kind.code: kind for kind in order})


def _group_order(group: str) -> int:
    return _GROUPS.index(group) if group in _GROUPS else len(_GROUPS)


def _mistakes_in(kind: Kind) -> Iterator[str]:
    ids = [field.id for field in kind.fields]
    yield from (f"fields: {name!r} is there twice" for name in sorted({n for n in ids if ids.count(n) > 1}))
    yield from (f"fields: {name!r} is a column of every table" for name in sorted(RESERVED & set(ids)))
    for where, name in _named(kind):
        if name not in ids:
            yield f"{where}: there is no field {name!r}"
    for field in kind.fields:
        yield from _field_mistakes(field)
    for name in kind.key:
        if name in ids and not kind.field(name).is_required:
            yield f"key: {name!r} tells rows apart, so it must be required"
    yield from _words(kind)


def _named(kind: Kind) -> Iterator[tuple[str, str]]:
    yield from (("key", name) for name in kind.key)
    yield "title", kind.title
    yield from (("columns", name) for name in kind.columns)
    yield from (("filters", name) for name in kind.filters)
    yield from (("orders", name) for rule in kind.orders for name in (rule.first, rule.then))
    yield from (("sums", name) for rule in kind.sums for name in (*rule.parts, rule.whole))
    yield from (("shares", name) for share in kind.shares for name in (share.part, share.whole))
    yield from (("figures", one.field) for one in kind.figures if one.field)
    if kind.probe:
        yield "probe", kind.probe
    if kind.probe_if:
        yield "probe_if", kind.probe_if.field
    if kind.moderation:
        yield "moderation", kind.moderation.field


def _field_mistakes(field: Field) -> Iterator[str]:
    has_choices = field.kind in (FieldKind.CHOICE, FieldKind.CHOICES)
    if has_choices != bool(field.choices):
        yield f"fields.{field.id}: choices belong to fields of kind choice and choices"
    if (field.kind is FieldKind.REFERENCE) != bool(field.of):
        yield f"fields.{field.id}: 'of' names the kind that a reference points to"


def _words(kind: Kind) -> Iterator[str]:
    """Yield words that a rule waits for and no field can hold."""
    wheres = [one.where for one in kind.figures] + [kind.public_if, kind.probe_if]
    for where in wheres:
        if where is not None and where.field in kind.ids:
            known = {choice.id for choice in kind.field(where.field).choices} | {"ya", "tidak"}
            yield from (
                f"where: {where.field} is never {word!r}" for word in where.values if word not in known
            )
    if kind.moderation and kind.moderation.field in kind.ids:
        known = {choice.id for choice in kind.field(kind.moderation.field).choices}
        wrong = {*kind.moderation.shown, kind.moderation.queued} - known
        yield from (f"moderation: there is no choice {word!r}" for word in sorted(wrong))


def _links_of(kind: Kind, kinds: Mapping[str, Kind]) -> Iterator[str]:
    for field in kind.fields:
        if field.of and field.of not in kinds:
            yield f"fields.{field.id}: there is no kind {field.of!r}"
        elif field.of and len(kinds[field.of].key) != 1:
            yield f"fields.{field.id}: rows of {field.of!r} have no single key to refer to"
    for figure in kind.figures:
        if figure.per and figure.per.kind not in kinds:
            yield f"figures: there is no kind {figure.per.kind!r}"

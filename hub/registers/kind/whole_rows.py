"""What must hold between the fields of one row, and the two things that name it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from hub.registers.kind.fields import Kind
from hub.registers.kind.rules import Value, plain

Values = Mapping[str, Value]
_KEY_LETTERS = 300
_TITLE_LETTERS = 200


def wrong_with(kind: Kind, values: Values) -> Iterator[tuple[str, str]]:
    """Yield each column that contradicts another one, with the remedy."""
    for field in kind.fields:
        if field.is_required and values.get(field.id) in (None, "", []):
            yield field.id, "wajib diisi"
    for order in kind.orders:
        first, then = values.get(order.first), values.get(order.then)
        if isinstance(first, str | int) and isinstance(then, str | int) and str(then) < str(first):
            yield (
                order.then,
                f"lebih awal daripada {kind.field(order.first).label} ({first}); tukar atau perbaiki",
            )
    for rule in kind.sums:
        parts = [_number(values.get(name)) for name in rule.parts]
        whole = values.get(rule.whole)
        if whole is None or not any(name in values for name in rule.parts):
            continue
        total, most = round(sum(parts), 6), _number(whole)
        label = kind.field(rule.whole).label
        if total > most:
            yield rule.whole, f"jumlah bagiannya {total:g} lebih dari {label} {most:g}; periksa angkanya"
        elif rule.is_exact and total != most:
            yield rule.whole, f"jumlah bagiannya {total:g}, bukan {most:g}; periksa angkanya"


def wrong_days(valid_from: date | None, valid_to: date | None) -> str:
    """Return what is wrong with the days between which a row holds; empty: nothing."""
    if valid_from and valid_to and valid_to < valid_from:
        return "berlaku_sampai lebih awal daripada berlaku_dari; tukar atau perbaiki"
    return ""


def key_of(kind: Kind, values: Values) -> str:
    """Return what tells a row from all others of its kind, the same for all spellings."""
    return " | ".join(plain(_spelled(values.get(name))) for name in kind.key)[:_KEY_LETTERS]


def title_of(kind: Kind, values: Values) -> str:
    """Return what people call a row."""
    return " ".join(_spelled(values.get(kind.title)).split())[:_TITLE_LETTERS]


def share_of(values: Values, part: str, whole: str) -> float | None:
    """Return how many per cent of a whole a part is, if both are there and the whole is something."""
    of = _number(values.get(whole))
    return None if not of or part not in values else 100 * _number(values.get(part)) / of


def _number(value: Value | None) -> float:
    return value if isinstance(value, int | float) else 0


def _spelled(value: Value | None) -> str:
    return "" if value is None else str(value)

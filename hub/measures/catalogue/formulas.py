"""Formulas over measures: numbers, names, + - * /, brackets, min, max, abs, round. Nothing else.

Parsed and worked out by simpleeval, which walks the syntax tree; Python's own evaluation is never used.
"""

import ast
import math
from collections.abc import Mapping

from simpleeval import InvalidExpression, SimpleEval

from hub.errors import InputError

_FUNCTIONS = {"min": min, "max": max, "abs": abs, "round": round}
_NODES = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.Call, ast.Load),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub),
)
_MOST_NODES = 100


class FormulaError(Exception):
    """A formula has no value here; the message, in Indonesian, says why."""


def names_in(formula: str, *, code: str) -> frozenset[str]:
    """Return the measures that a formula names.

    Raises:
        InputError: it is no formula of this small language; names the measure and the remedy.
    """
    try:
        tree = ast.parse(formula, mode="eval")
    # A formula of brackets alone is too deep for the parser.
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"{code}: rumus {formula!r} tidak dapat dibaca; periksa tanda kurung") from error
    nodes = list(ast.walk(tree))
    if len(nodes) > _MOST_NODES:
        raise InputError(f"{code}: rumus terlalu panjang; bagi menjadi beberapa ukuran")
    for node in nodes:
        _check(node, code)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)


def _check(node: ast.AST, code: str) -> None:
    if not isinstance(node, _NODES):
        known = ", ".join(_FUNCTIONS)
        raise InputError(f"{code}: rumus hanya boleh berisi angka, nama ukuran, + - * / dan {known}")
    if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
        raise InputError(f"{code}: rumus hanya boleh berisi angka, bukan {node.value!r}")
    if isinstance(node, ast.Call):
        is_known = isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS
        if not is_known or node.keywords:
            raise InputError(f"{code}: rumus hanya mengenal fungsi {', '.join(_FUNCTIONS)}")


def worked_out(formula: str, values: Mapping[str, float | None]) -> float:
    """Return what a checked formula comes to.

    Args:
        formula: One that :func:`names_in` took.
        values: Of each measure that it names; ``None``: there is none for this period.

    Raises:
        FormulaError: a value is missing, something is divided by zero, or the result is no number.
    """
    missing = sorted(name for name, value in values.items() if value is None)
    if missing:
        raise FormulaError(f"belum ada nilai {', '.join(missing)}")
    evaluator = SimpleEval(functions=dict(_FUNCTIONS), names=dict(values))
    try:
        value = float(evaluator.eval(formula))
    except ZeroDivisionError as error:
        raise FormulaError(f"pembagian dengan nol dalam {formula}") from error
    except (InvalidExpression, ArithmeticError, TypeError, ValueError) as error:
        raise FormulaError(f"{formula} tidak dapat dihitung: {error}") from error
    if not math.isfinite(value):
        raise FormulaError(f"{formula} terlalu besar")
    return value

"""What many tests begin with, made once a process: each test gets a copy of its own.

Making all tables takes longer than most tests; copying a file takes a millisecond.
"""

import copy
import functools
import importlib
import pkgutil
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

import hub
from hub.db import Base, Database
from tests.browser.sample import SampleCity


@functools.cache
def import_all_models() -> None:
    """Make every table of the hub known to ``Base.metadata``."""
    for module in pkgutil.walk_packages(hub.__path__, "hub."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


@functools.cache
def _shelf() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="pontive-prepared-")  # removed when the process ends


@functools.cache
def _empty() -> Path:
    import_all_models()
    path = Path(_shelf().name) / "empty.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    database.close()
    return path


def place_empty_database(folder: Path) -> None:
    """Put ``hub.db`` with all tables and nothing in them into a folder."""
    import_all_models()
    shutil.copy(_empty(), folder / "hub.db")


@functools.cache
def _filled(now: datetime) -> tuple[Path, SampleCity]:
    folder = Path(_shelf().name) / f"{now:%Y%m%dT%H%M%S%f}"
    folder.mkdir()
    place_empty_database(folder)
    database = Database(f"sqlite:///{folder}/hub.db")
    city = SampleCity(database, folder)
    city.fill(now)
    database.close()
    return folder, city


def place_filled_city(city: SampleCity, now: datetime) -> None:
    """Make of an empty city one where things happened, as ``SampleCity.fill`` does."""
    folder, filled = _filled(now)
    city.database.close()
    shutil.copytree(folder, city.folder, dirs_exist_ok=True)
    for name in ("seq", "heartbeat", "presence", "catalogue"):
        setattr(city, name, copy.deepcopy(getattr(filled, name)))
    city.database.changes += 1


class CompiledTemplates(BytecodeCache):
    """Templates that an application of this process compiled already."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self._code.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED_TEMPLATES = CompiledTemplates()

_compile_builder = Rule._compile_builder
_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def _remembered_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    # A builder is code made of the rule's text alone; what it works with is the rule that it is bound to.
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    key = (rule.rule, *rule._trace, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


# Werkzeug compiles Python code for each of our 500 addresses, twice: five sixths of the time that an
# application takes to begin, and nearly every test of a page begins one.
Rule._compile_builder = _remembered_builder  # type: ignore[method-assign]

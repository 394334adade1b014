"""What no line of the sources may do, because one such line undoes what all the others keep."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Draws a QR code out of letters and figures of its own.
MAY_MAKE_MARKUP = {"hub/cases/asking/tracking_code.py"}
# The door out for tables, and the one for workbooks: in both, what looks like a formula stays text.
MAY_WRITE_TABLES = {"hub/web/files/tables.py", "hub/web/files/spreadsheet.py"}
# Starts a program with a list of words; nobody may ask a shell to read words that somebody typed.
FORBIDDEN_CALLS = {"eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads"}


def sources(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    tree = ast.parse(path.read_text("utf-8"))
    return [(ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_nothing_is_evaluated_unpickled_or_given_to_a_shell() -> None:
    found = []
    for path in sources("edge", "hub", "provisioning"):
        for called, node in calls(path):
            is_program = called.startswith("subprocess.")
            has_shell = is_program and any(
                one.arg == "shell" and ast.unparse(one.value) != "False" for one in node.keywords
            )
            if called in FORBIDDEN_CALLS or called.startswith("yaml.") or has_shell:
                found.append(f"{name_of(path)}:{node.lineno} {called}")
    assert not found


def test_no_template_switches_escaping_off_and_markup_is_made_in_one_place() -> None:
    templates = sorted((ROOT / "hub").rglob("*.html"))
    assert len(templates) > 100
    unsafe = re.compile(r"\|\s*safe\b|autoescape\s+false")
    assert not [name_of(path) for path in templates if unsafe.search(path.read_text("utf-8"))]
    makers = {name_of(path) for path in sources("hub") for called, _node in calls(path) if called == "Markup"}
    assert makers == MAY_MAKE_MARKUP


def test_tables_leave_the_house_by_two_doors_only() -> None:
    writers = set()
    for path in sources("hub"):
        writes = {called for called, _node in calls(path)} & {"csv.writer", "csv.DictWriter", "Workbook"}
        writers |= {name_of(path)} if writes else set()
    assert writers == MAY_WRITE_TABLES


def test_no_debug_mode_is_ever_switched_on() -> None:
    assert not [
        name_of(path)
        for path in sources("hub", "provisioning")
        if re.search(r"\bdebug\s*=\s*True|app\.run\(", path.read_text("utf-8"))
    ]


def test_what_a_stranger_sends_is_unpacked_in_a_process_of_its_own() -> None:
    """The others open what the hub drew itself, or stills of devices under their own limits."""
    allowed = {
        "hub/web/files/redraw.py",
        "hub/cctv/pictures/photo.py",
        "hub/cctv/wall/sheet.py",
        "hub/cctv/wall/narrowing.py",
    }
    openers = {
        name_of(path) for path in sources("hub") for called, _node in calls(path) if called == "Image.open"
    }
    assert openers == allowed


def test_no_script_merges_what_it_was_sent_into_an_object_of_its_own() -> None:
    """A key such as __proto__ in an answer must reach nothing that all objects have in common."""
    scripts = [one for one in (ROOT / "hub").rglob("*.js") if "vendor" not in one.parts]
    assert len(scripts) > 30
    merging = re.compile(
        r"__proto__|\.prototype\b|\bfor \((?:const|let|var) \w+ in |Object\.setPrototypeOf"
        r"|Object\.assign\([^;]*(?:JSON\.parse|\.json\()|\beval\(|new Function\("
    )
    assert not [name_of(one) for one in scripts if merging.search(one.read_text("utf-8"))]

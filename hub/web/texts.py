"""Gathers the texts of code and templates into the English catalogue: ``python -m hub.web.texts``.

Run by a developer after texts changed; then translate what is new in the ``.po`` and run it again,
which also compiles. Must not be imported by the hub.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HUB = Path(__file__).parents[1]
FOLDER = HUB / "web" / "translations" / "en" / "LC_MESSAGES"
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]


def extract() -> Catalog:
    """Return every text that the hub says, without line numbers, so that changes stay readable."""
    template = Catalog()
    found = extract_from_dir(HUB, METHODS, keywords=KEYWORDS)
    for file, _line, text, _comments, _context in sorted(found, key=lambda row: (row[0], row[1])):
        template.add(text, locations=[(f"hub/{file}", 0)])
    return template


def read_catalogue() -> Catalog:
    """Return the English catalogue as it is."""
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def main() -> None:
    """Merge new texts in and compile."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "messages.po"
    catalogue = read_catalogue() if path.exists() else Catalog(locale="en")
    # A guess that looks like a translation is worse than none.
    catalogue.update(extract(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, include_lineno=False, omit_header=True, sort_output=True, width=110)
    with (FOLDER / "messages.mo").open("wb") as file:
        write_mo(file, read_catalogue())


if __name__ == "__main__":
    main()

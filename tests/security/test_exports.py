"""Every table that leaves the house, fetched from a city whose people all type formulas: nothing runs."""

import csv
import io
import re
import zipfile

from sqlalchemy import String, Text, update

from hub.db import Base
from hub.people.permissions import Role
from tests.hub.screens import ENDLESS, Screens, addresses, city, clock, screens  # noqa: F401 (fixtures)

# Columns of what people type; keys, codes and words of ours are other columns.
TYPED = {"name", "title", "note", "reason", "address", "display_name", "detail", "text", "comment", "label"}
FORMULA = "=HYPERLINK(1)"
CALLS = re.compile(r"\A(?:[=@\t\r\n]|[+-](?![\d.,]*%?\Z))")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def type_formulas(screens: Screens) -> int:  # noqa: F811 (not the fixture)
    """Put a formula before whatever people typed; return in how many columns."""
    columns = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in TYPED and isinstance(column.type, String | Text) and not column.foreign_keys
        # An account is found by its name, and audit entries are a chain.
        if not column.unique and not column.primary_key and table.name != "audit_entry"
        if not any(column.name in one.columns for one in (*table.constraints, *table.indexes))
    ]
    with screens.database.writing() as db:
        for column in columns:
            most = getattr(column.type, "length", None) or 80
            if most >= len(FORMULA):
                db.execute(update(column.table).values({column.name: FORMULA}).where(column.is_not(None)))
    return len(columns)


def test_no_table_that_is_fetched_holds_a_formula(city: Screens) -> None:  # noqa: F811 (the fixture)
    browser = city.signed_in(*Role)
    assert type_formulas(city) > 20
    csv_files, books, texts = 0, 0, 0
    for endpoint, path in addresses(city.app, "GET"):
        looks_so = any(word in path for word in ("csv", "xlsx", "unduh", "berkas", "ekspor", ".json"))
        if endpoint in ENDLESS or not looks_so:
            continue
        for asked in {path, path.replace(".json", ".csv"), path.replace(".json", ".xlsx")}:
            answer = browser.get(asked)
            if answer.status_code == 200 and answer.mimetype == "text/csv":
                csv_files += 1
                cells = [one for row in csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))) for one in row]
                running = [one for one in cells if CALLS.match(one)]
                assert running == [], asked
                texts += cells.count("'" + FORMULA)
            elif answer.status_code == 200 and answer.mimetype == XLSX:
                books += 1
                with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
                    sheets = [one for one in book.namelist() if one.startswith("xl/worksheets/")]
                    assert not [
                        one for one in sheets if b"<f>" in book.read(one) or b"<f " in book.read(one)
                    ], asked
    print(f"{csv_files} CSV files, {books} workbooks, {texts} formulas typed and made text")
    assert (csv_files > 20, books > 8, texts > 5) == (True, True, True)

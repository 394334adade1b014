"""Files of rows: what went out comes in the same; a bad sheet is named cell by cell and writes nothing."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from hub.db import Database
from hub.errors import InputError
from hub.people.models import AuditEntry
from hub.registers.importing.apply import apply_plan
from hub.registers.importing.plan import Plan, make_plan
from hub.registers.importing.rows import MAX_ROWS, RegisterTable, columns_of, read_rows
from hub.registers.keeping.models import RegisterChange, RegisterOwner, RegisterRow
from hub.registers.keeping.names import names_for
from hub.registers.keeping.reach import RegisterReach
from hub.registers.keeping.service import Actor, snapshot_of
from hub.registers.kind.fields import FieldKind, Kind
from hub.registers.kind.reading import kind_of, shipped_kinds
from hub.registers.kind.wording import cell_of, typed_of
from hub.web.files.spreadsheet import Sheet, workbook
from hub.web.files.table_file import read_table
from hub.web.files.tables import csv_text
from tests.hub.registers.conftest import DISHUB, DISKOMINFO, actor, add_application

SIGN = kind_of("reklame")
HEADER = ("kode", "nama", "luas", "status", "opd")


def read(database: Database, kind: Kind, data: bytes, name: str = "a.csv") -> RegisterTable:
    with database.reading() as db:
        table = read_table(data, name, most_rows=MAX_ROWS, is_literal=True)
        return read_rows(kind, table, names_for(db, kind))


def put(database: Database, kind: Kind, data: bytes, name: str = "a.csv", who: Actor | None = None) -> Plan:
    table = read(database, kind, data, name)
    with database.writing() as db:
        plan = make_plan(db, kind, table, names_for(db, kind), who or actor())
        if not plan.mistakes:
            apply_plan(db, kind, plan, file_name=name, actor=who or actor())
        return plan


def csv(header: Any, *rows: Any) -> bytes:
    return csv_text(header, rows).encode()


def sheet(header: Any, *rows: Any) -> bytes:
    widths = [10] * len(header)
    return workbook(Sheet(title="x", above=(), header=header, rows=rows, widths=widths))


def rows_in(database: Database, kind: Kind) -> list[RegisterRow]:
    with database.reading() as db:
        return list(
            db.scalars(select(RegisterRow).where(RegisterRow.kind == kind.code).order_by(RegisterRow.key))
        )


def told(plan: Plan) -> set[tuple[int, str]]:
    return {(one.line, one.column) for one in plan.mistakes}


def test_a_file_is_new_then_changed_then_nothing(database: Database) -> None:
    first = csv(HEADER, ("R1", "Baliho", "12,5", "berizin", "Dishub"), ("R2", "Neon", "3", "Tanpa izin", "2"))
    assert {one.act for one in put(database, SIGN, first).changes} == {"new"}
    again = put(database, SIGN, first)
    assert (len(again.changes), again.unchanged, again.unnamed) == (0, 2, 0)
    changed = put(database, SIGN, csv(("kode", "Luas muka"), ("r1", "14 M2")))
    assert [one.act for one in changed.changes] == ["changed"]
    assert changed.unnamed == 1
    row = rows_in(database, SIGN)[0]
    assert (row.values["luas"], row.values["nama"], row.values["status"]) == (14, "Baliho", "berizin")
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(RegisterChange)) == 3
        owners = set(db.scalars(select(RegisterOwner.opd)))
        assert owners == {DISHUB}
        acts = list(db.scalars(select(AuditEntry.action)))
    assert acts.count("register.import") == 3


def test_every_bad_cell_is_named_and_nothing_is_written(database: Database) -> None:
    bad = csv(
        HEADER,
        ("R1", "Baik", "1", "berizin", "Dishub"),
        ("R2", "Satuan salah", "1 ha", "berizin", "Dishub"),
        ("R3", "=1+1", "x", "berizn", "Dinas Entah"),
        ("R1", "Kunci dobel", "1", "berizin", "Dishub"),
        ("R4", "", "", "berizin", "Dishub"),
        ("R5", "Tanpa OPD", "", "berizin", ""),
    )
    plan = put(database, SIGN, bad)
    wanted = {(3, "luas"), (4, "nama"), (4, "luas"), (4, "status"), (5, "kode"), (6, "nama"), (7, "opd")}
    assert told(plan) == wanted
    assert all(one.remedy for one in plan.mistakes)
    assert rows_in(database, SIGN) == []
    with pytest.raises(InputError, match="tidak ada yang ditulis"), database.writing() as db:
        apply_plan(db, SIGN, plan, file_name="a.csv", actor=actor())


def test_merged_cells_and_formulas_of_a_workbook_are_named(database: Database) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (
        HEADER,
        ("R1", "A", "=1+1", "berizin", "Dishub"),
        ("R2", "B", 2.25, "berizin", "Dishub"),
        ("R3",),
    ):
        page.append(row)
    page.merge_cells("A4:B5")
    buffer = io.BytesIO()
    book.save(buffer)
    plan = put(database, SIGN, buffer.getvalue(), "a.xlsx")
    assert told(plan) == {(2, "luas"), (4, "")}
    assert any("A4:B5 digabung" in one.remedy for one in plan.mistakes)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (("kode", "warna"), "kolom warna tidak dikenal"),
        (("nama", "status"), "kolom kode tidak ada"),
        (("kode", "luas", "Luas muka"), "kolom luas ada dua kali"),
    ],
)
def test_a_table_of_something_else_is_refused_whole(database: Database, header: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(database, SIGN, csv(header, ("a",) * len(header)))


def test_an_opd_puts_in_its_own_rows_and_no_others(database: Database) -> None:
    add_application(database, "Punya Diskominfo", DISKOMINFO)
    own = actor(RegisterReach(is_city=False, opds=frozenset({DISHUB})), "dina")
    header = ("nama", "fungsi", "status", "opd")
    kind = kind_of("aplikasi")
    plan = put(
        database,
        kind,
        csv(
            header,
            ("Parkir", "Retribusi", "aktif", ""),
            ("Punya Diskominfo", "Diambil", "aktif", ""),
            ("Titipan", "Untuk lain", "aktif", "Diskominfo"),
        ),
        who=own,
    )
    assert told(plan) == {(3, "nama"), (4, "opd")}
    done = put(database, kind, csv(header, ("Parkir", "Retribusi", "aktif", "")), who=own)
    assert [one.given.owner for one in done.changes] == [DISHUB]
    moved = put(database, kind, csv(header, ("Parkir", "Retribusi", "aktif", "Diskominfo")))
    assert told(moved) == {(2, "opd")}, "hands change with a date, not by a file"
    market = kind_of("pasar")
    assert told(put(database, market, csv(("kode", "nama"), ("a", "A")), who=own)) == {(2, "kode")}
    assert told(put(database, market, csv(("kode", "nama", "opd"), ("a", "A", "Dishub")))) == {(2, "opd")}


def test_what_was_taken_off_the_list_comes_back_by_a_file(database: Database) -> None:
    data = csv(("kode", "nama"), ("a", "A"))
    market = kind_of("pasar")
    put(database, market, data)
    with database.writing() as db:
        db.execute(select(RegisterRow)).scalar_one().is_retired = True
    assert [one.act for one in put(database, market, data).changes] == ["back"]
    assert not rows_in(database, market)[0].is_retired


def test_thirty_thousand_rows_are_read_and_one_more_is_not(database: Database) -> None:
    lines = ["kode,nama,satuan"] + [f"k{number},Barang {number},kg" for number in range(MAX_ROWS)]
    goods = kind_of("komoditas")
    assert len(read(database, goods, "\n".join(lines).encode()).rows) == MAX_ROWS
    with pytest.raises(InputError, match="lebih dari 30000 baris"):
        read(database, goods, "\n".join([*lines, "x,y,kg"]).encode())
    # More than one statement's worth; all thirty thousand take half a minute on a busy machine.
    assert len(put(database, goods, "\n".join(lines[:1201]).encode()).changes) == 1200
    assert len(rows_in(database, goods)) == 1200


# ---- import after export is the same rows, whatever stands in them --------------------------------

_LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u200b")
_TEXT = st.text(_LETTERS, min_size=1, max_size=40)
_DAYS = st.dates(date(1970, 1, 1), date(2100, 12, 31))


def _number(field: Any) -> st.SearchStrategy[str]:
    top = int(field.most if field.most is not None else 10**9)
    low, places = int(field.least or 0), field.decimals
    if not places:
        return st.integers(low, top).map(str)
    parts = st.tuples(st.integers(low, top - 1), st.integers(0, 10**places - 1))
    return parts.map(lambda two: f"{two[0]},{two[1]:0{places}d}")


_PLACES = st.tuples(st.floats(-0.09, 0.03), st.floats(109.28, 109.38))
_SIMPLE: dict[FieldKind, st.SearchStrategy[str]] = {
    FieldKind.MONEY: st.integers(0, 10**12).map(str),
    FieldKind.DATE: _DAYS.map(date.isoformat),
    FieldKind.YEAR: st.integers(1970, 2100).map(str),
    FieldKind.URL: st.sampled_from(["https://a.contoh.example", "http://b.contoh.example:8080/x?y=1"]),
    FieldKind.KELURAHAN: st.sampled_from(["Batu Layang", "61.71.05.1003"]),
    FieldKind.PLACE: _PLACES.map(lambda two: f"{two[0]:.6f}, {two[1]:.6f}"),
    FieldKind.PHONE: st.sampled_from(["0561 732000", "+62 811 5700 000"]),
    FieldKind.EMAIL: st.just("a@contoh.id"),
    FieldKind.YES_NO: st.sampled_from(["ya", "tidak"]),
}


def _value_of(field: Any) -> st.SearchStrategy[str]:
    words = [one.id for one in field.choices]
    match field.kind:
        case FieldKind.NUMBER:
            return _number(field)
        case FieldKind.CHOICE:
            return st.sampled_from(words)
        case FieldKind.CHOICES:
            return st.lists(st.sampled_from(words)).map("; ".join)
        case _:
            return _SIMPLE.get(field.kind, _TEXT)


# Kinds that between them have every sort of field that a file carries, and no reference to fill first.
_KINDS = ("aplikasi", "reklame", "konten", "pasar", "pelatihan", "penjual", "dataset")


@st.composite
def _tables(draw: Any) -> tuple[Kind, list[dict[str, str]]]:
    kind = shipped_kinds()[draw(st.sampled_from(_KINDS))]
    rows = []
    for number in range(draw(st.integers(1, 4))):
        row = {field.id: draw(_value_of(field)) for field in kind.filed}
        row |= dict.fromkeys(kind.key, f"{number + 1}")
        row |= {"opd": "Dishub" if kind.owner == "opd" else "", "mutu": "contoh", "sumber": "uji"}
        for order in kind.orders:
            row[order.first], row[order.then] = sorted((row[order.first], row[order.then]))
        for rule in kind.sums:
            row |= dict.fromkeys(rule.parts, "0")
        rows.append(row)
    return kind, rows


def _exported(database: Database, kind: Kind, is_book: bool) -> bytes:
    with database.reading() as db:
        names = names_for(db, kind)
        lines = []
        for row in db.scalars(select(RegisterRow).where(RegisterRow.kind == kind.code)):
            as_text = cell_of if is_book else typed_of
            cells = [as_text(field, row.values.get(field.id), names) for field in kind.filed]
            opd = "Dinas Perhubungan" if kind.owner == "opd" else ""
            lines.append([*cells, opd, "", "", row.source, row.quality])
    return (sheet if is_book else csv)(columns_of(kind), *lines)


@given(table=_tables(), is_book=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_taken_out_and_put_in_again_changes_nothing(
    database: Database, table: tuple[Kind, list[dict[str, str]]], is_book: bool
) -> None:
    kind, rows = table
    header = columns_of(kind)
    with database.writing() as db:
        for model in (RegisterOwner, RegisterChange, RegisterRow):
            db.execute(delete(model))
    made = put(database, kind, csv(header, *([row.get(name, "") for name in header] for row in rows)))
    if made.mistakes:
        # Only a text that could be a formula may be refused; all else was made to be good.
        assert all("rumus" in one.remedy or "huruf" in one.remedy for one in made.mistakes), made.mistakes
        return
    before = {row.key: snapshot_of(row) for row in rows_in(database, kind)}
    assert len(before) == len(rows)
    data = _exported(database, kind, is_book)
    plan = put(database, kind, data, "a.xlsx" if is_book else "a.csv")
    assert (plan.mistakes, plan.changes, plan.unchanged) == ((), (), len(rows))
    with database.writing() as db:
        for model in (RegisterOwner, RegisterChange, RegisterRow):
            db.execute(delete(model))
    put(database, kind, data, "a.xlsx" if is_book else "a.csv")
    assert {row.key: snapshot_of(row) for row in rows_in(database, kind)} == before


_CELLS = st.one_of(
    _TEXT, st.just(""), st.sampled_from(["=1", "1.234", "R1", "berizin", "Dishub", "31/02/2026"])
)


@given(rows=st.lists(st.lists(_CELLS, min_size=5, max_size=7), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_bad_sheet_is_never_half_taken(database: Database, rows: list[list[str]]) -> None:
    before = len(rows_in(database, SIGN))
    plan = put(database, SIGN, csv(HEADER, *rows))
    added = len(rows_in(database, SIGN)) - before
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if plan.mistakes:
        assert added == 0
        assert all(1 < one.line <= len(rows) + 1 for one in plan.mistakes)
    else:
        assert len(plan.changes) + plan.unchanged == len(filled)


def test_days_between_which_a_row_holds_come_from_the_file(database: Database) -> None:
    head = ("kode", "nama", "berlaku_dari", "berlaku_sampai", "mutu")
    market = kind_of("pasar")
    good = put(database, market, csv(head, ("a", "A", "1 Januari 2026", "31/12/2026", "taksiran")))
    assert not good.mistakes
    row = rows_in(database, market)[0]
    assert (row.valid_from, row.valid_to, row.quality) == (date(2026, 1, 1), date(2026, 12, 31), "taksiran")
    bad = put(database, market, csv(head, ("b", "B", "2026-02-02", "2026-01-01", "pasti")))
    assert told(bad) == {(2, "mutu")}
    worse = put(database, market, csv((*head, "sumber"), ("b", "B", "2026-02-02", "2026-01-01", "", "x")))
    assert told(worse) == {(2, "berlaku_sampai")}

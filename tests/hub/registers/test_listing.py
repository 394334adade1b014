"""Lists of rows on both databases: every filter and every order of every kind, held against the rows."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hub.db import Database
from hub.registers.keeping.figures import figures_of
from hub.registers.keeping.listing import Wanted, every_row, page_of, words_in_use
from hub.registers.keeping.reach import EVERYTHING
from hub.registers.kind.fields import FieldKind, Kind
from hub.registers.kind.reading import kind_of, shipped_kinds
from hub.registers.sample import add_examples
from tests.hub.registers.conftest import DISHUB, DISKOMINFO, TODAY, add_application
from tests.hub.screens import START

APPLICATION = kind_of("aplikasi")


def test_lists_are_searched_narrowed_sorted_and_paged(database: Database) -> None:
    for place, name in enumerate(("Antrean", "Parkir 100%", "Zonasi")):
        add_application(
            database,
            name,
            DISHUB if place else DISKOMINFO,
            media=["website", "mobile"] if place else ["desktop"],
            tahun=2020 + place,
            kontrak_nilai=(3_000_000_000, 20, None)[place],
        )

    def names(**wanted: object) -> list[str]:
        with database.reading() as db:
            page = page_of(db, APPLICATION, Wanted(**wanted), EVERYTHING, today=TODAY)  # type: ignore[arg-type]
            return [one.title for one in page.rows]

    assert names() == ["Antrean", "Parkir 100%", "Zonasi"]
    assert names(text="100%") == names(text="PARK untuk") == ["Parkir 100%"]
    assert names(opd=DISHUB) == names(fields={"media": "mobile"}) == ["Parkir 100%", "Zonasi"]
    assert names(fields={"tahun": "2021"}) == ["Parkir 100%"]
    assert names(sort="kontrak_nilai") == ["Parkir 100%", "Antrean", "Zonasi"], "what is not said comes last"
    assert names(sort="-kontrak_nilai") == ["Antrean", "Parkir 100%", "Zonasi"]
    assert names(sort="-tahun") == ["Zonasi", "Parkir 100%", "Antrean"]
    assert names(quality="contoh") == names(is_retired=True) == []
    with database.reading() as db:
        page = page_of(db, APPLICATION, Wanted(), EVERYTHING, today=TODAY, number=99, per_page=2)
        assert (page.number, page.last, len(page.rows)) == (2, 2, 1)


def held(value: Any) -> list[str]:
    """What a value answers to when somebody filters by it."""
    match value:
        case bool():
            return ["ya" if value else "tidak"]
        case list():
            return value
        case None:
            return []
        case _:
            return [str(value)]


def filters_of(kind: Kind, rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for name in kind.filters:
        choices = [choice.id for choice in kind.field(name).choices]
        yield from (
            (name, word) for word in {*choices, *(word for row in rows for word in held(row.get(name)))}
        )


def test_every_filter_and_order_of_every_kind_gives_the_rows_that_it_should(database: Database) -> None:
    with database.writing() as db:
        add_examples(db, now=START, zone=ZoneInfo("Asia/Pontianak"))
    with database.reading() as db:
        for kind in shipped_kinds().values():
            rows = [row.values for row in every_row(db, kind, Wanted(), EVERYTHING, today=TODAY)]
            for name, word in filters_of(kind, rows):
                wanted = Wanted(fields={name: word})
                found = page_of(db, kind, wanted, EVERYTHING, today=TODAY).total
                assert found == sum(word in held(row.get(name)) for row in rows), (kind.code, name, word)
            for name in kind.columns:
                for sort in (name, f"-{name}"):
                    ordered = [
                        row.values.get(name)
                        for row in every_row(db, kind, Wanted(sort=sort), EVERYTHING, today=TODAY)
                    ]
                    said = [value for value in ordered if value is not None]
                    assert len(ordered) == len(rows), (kind.code, sort)
                    assert ordered[: len(said)] == said, f"{kind.code} {sort}: what is not said comes last"
                    if kind.field(name).kind in (FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE):
                        assert said == sorted(said, reverse=sort != name), (kind.code, sort)
                if kind.field(name).kind is FieldKind.TEXT:
                    words = words_in_use(db, kind, name, EVERYTHING, today=TODAY)
                    assert set(words) == {str(row[name]) for row in rows if row.get(name)}, (kind.code, name)
            assert all(one.value >= 0 for one in figures_of(db, kind, EVERYTHING, today=TODAY))


def test_what_nobody_would_type_finds_nothing_and_breaks_nothing(database: Database) -> None:
    add_application(database, "Antrean", tahun=2026, media=["website"])
    with database.reading() as db:
        for word in (
            "9" * 40,
            "\u0662\u0660",
            "-1",
            "%",
            "_",
            "\\",
            '"',
            "'; drop table register_row",
            "kota\u200b" * 40,
        ):
            for name in (*APPLICATION.filters, "tahun"):
                wanted = Wanted(text="", fields={name: word})
                assert page_of(db, APPLICATION, wanted, EVERYTHING, today=TODAY).total == 0, (name, word)
            assert page_of(db, APPLICATION, Wanted(text=word), EVERYTHING, today=TODAY).total == 0, word

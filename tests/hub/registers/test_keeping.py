"""Rows kept one by one: history without holes, one of two writers, dated owners, what waits for a look."""

import msgspec
import pytest
from sqlalchemy import select

from hub.db import Database
from hub.errors import InputError, NotFoundError
from hub.people.audit import first_broken
from hub.people.models import Opd
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.registers import service
from hub.registers.keeping.history import diff_of, history_of
from hub.registers.keeping.listing import Wanted, page_of
from hub.registers.keeping.models import RegisterChange, RegisterRow
from hub.registers.keeping.names import names_for
from hub.registers.keeping.owning import hand_over, owners_of
from hub.registers.keeping.publishing import public_dataset
from hub.registers.keeping.reach import RegisterReach
from hub.registers.keeping.service import Given, add_row, find_row, keep_row, owner_of, set_retired
from hub.registers.kind.fields import SumRule
from hub.registers.kind.reading import kind_of
from hub.registers.kind.whole_rows import wrong_with
from tests.hub.registers.conftest import DISHUB, DISKOMINFO, TODAY, actor, add_application, row
from tests.hub.screens import START

APPLICATION = kind_of("aplikasi")
OF_DISHUB = RegisterReach(is_city=False, opds=frozenset({DISHUB}))


def with_values(was: RegisterRow, **values: object) -> Given:
    return Given(
        values={**was.values, **values},
        valid_from=was.valid_from,
        valid_to=was.valid_to,
        source=was.source,
        quality=was.quality,
    )


def change(database: Database, number: int, version: int, **values: object) -> bool:
    with database.writing() as db:
        found = db.get_one(RegisterRow, number)
        return keep_row(db, found, with_values(found, **values), actor(), version=version)


def test_each_change_is_a_version_with_its_difference_in_words(database: Database) -> None:
    number = add_application(database, "Gencil", kontrak_nilai=1_000_000)
    assert change(database, number, 1, kontrak_nilai=2_500_000, status="digabung", vendor="PT Contoh")
    assert not change(database, number, 2, vendor="PT Contoh"), "nothing changed, no version"
    assert change(database, number, 2, vendor=None)
    with database.reading() as db:
        found = db.get_one(RegisterRow, number)
        history = history_of(db, APPLICATION, found, names_for(db, APPLICATION))
        assert [one.version for one in history] == [3, 2, 1]
        assert [str(one) for one in history[1].fields] == [
            "Status diubah dari Aktif menjadi Digabung",
            "Kontrak: nilai diubah dari Rp\u00a01.000.000 menjadi Rp\u00a02.500.000",
            "Vendor diisi: PT Contoh",
        ]
        assert [str(one) for one in history[0].fields] == ["Vendor dikosongkan, tadinya PT Contoh"]
        assert [one.column for one in diff_of(db, APPLICATION, found, 1, 3)] == ["status", "kontrak_nilai"]
        assert first_broken(db) is None


def test_of_two_who_saw_the_same_row_the_second_is_told(database: Database) -> None:
    number = add_application(database, "Gencil")
    assert change(database, number, 1, vendor="A")
    with pytest.raises(InputError, match="sementara itu diubah oleh budi"):
        change(database, number, 1, vendor="B")
    assert row(database, number).values["vendor"] == "A"


def test_one_key_is_one_row_however_it_is_spelled(database: Database) -> None:
    first = add_application(database, "Gencil Kota")
    with pytest.raises(InputError, match="sudah dipakai baris 'Gencil Kota'"):
        add_application(database, "  gencil   KOTA ")
    with database.writing() as db:
        set_retired(db, db.get_one(RegisterRow, first), is_retired=True, actor=actor(), version=1)
    with pytest.raises(InputError, match="pulihkan yang itu"):
        add_application(database, "Gencil Kota")
    with pytest.raises(InputError, match="pulihkan dulu"):
        change(database, first, 2, vendor="A")


def test_a_row_that_others_name_keeps_its_name_and_its_place(database: Database) -> None:
    first, second = add_application(database, "Satu"), add_application(database, "Dua")
    with database.writing() as db:
        values = {"dari": "Satu", "ke": "Dua", "data": "Rekap", "status": "sinkron"}
        add_row(db, kind_of("integrasi"), Given(values=values, owner=DISHUB), actor())
    with pytest.raises(InputError, match="masih dirujuk 1 baris di Integrasi aplikasi"):
        change(database, first, 1, nama="Satu Baru")
    with pytest.raises(InputError, match="masih dirujuk"), database.writing() as db:
        set_retired(db, db.get_one(RegisterRow, second), is_retired=True, actor=actor(), version=1)


def test_a_row_changes_hands_on_a_day_and_the_past_stays(database: Database) -> None:
    number = add_application(database, "Parkir", DISKOMINFO)
    later = TODAY.replace(day=30)
    with database.writing() as db:
        found = db.get_one(RegisterRow, number)
        hand_over(db, found, opd=DISHUB, since=later, decree="BA 1/2026", actor=actor(), version=1)
        assert (owner_of(db, found, TODAY), owner_of(db, found, later)) == (DISKOMINFO, DISHUB)
        with pytest.raises(InputError, match="lebih awal daripada penyerahan terakhir"):
            hand_over(db, found, opd=DISKOMINFO, since=TODAY, decree="", actor=actor(), version=2)
        with pytest.raises(InputError, match="sudah milik Dinas Perhubungan"):
            hand_over(db, found, opd=DISHUB, since=later, decree="", actor=actor(), version=2)
        with pytest.raises(InputError, match="pilih penerimanya"):
            hand_over(db, found, opd=999, since=later, decree="", actor=actor(), version=2)
        assert [one.opd for one in owners_of(db, found)] == [DISKOMINFO, DISHUB]
        with pytest.raises(NotFoundError):
            find_row(db, APPLICATION, number, OF_DISHUB, TODAY)
        assert find_row(db, APPLICATION, number, OF_DISHUB, later).id == number
        hand_over(db, found, opd=DISKOMINFO, since=later, decree="ralat", actor=actor(), version=2)
        assert owner_of(db, found, later) == DISKOMINFO, "the same day corrects"


def test_rows_of_others_are_not_there_and_the_citys_are_only_read(database: Database) -> None:
    add_application(database, "Punya Diskominfo", DISKOMINFO)
    with database.writing() as db:
        add_row(db, kind_of("pasar"), Given(values={"kode": "flamboyan", "nama": "Flamboyan"}), actor())
    with database.writing() as db:
        own = actor(OF_DISHUB, "dina")
        with pytest.raises(NotFoundError):
            add_row(
                db, APPLICATION, Given(values={"nama": "A", "fungsi": "B", "status": "aktif"}, owner=1), own
            )
        with pytest.raises(NotFoundError):
            add_row(db, kind_of("pasar"), Given(values={"kode": "x", "nama": "X"}), own)
        seen = RegisterReach(is_city=False, opds=frozenset({DISHUB}), has_free=True)
        assert page_of(db, APPLICATION, Wanted(), seen, today=TODAY).total == 0
        assert page_of(db, kind_of("pasar"), Wanted(), seen, today=TODAY).total == 1


def test_who_does_not_moderate_cannot_show_anything(database: Database) -> None:
    seller, own = kind_of("penjual"), actor(OF_DISHUB, "dina")
    with database.writing() as db:
        found = add_row(db, seller, Given(values={"nama": "Batik", "status": "tayang"}, owner=DISHUB), own)
        assert found.values["status"] == "diajukan"
        keep_row(db, found, with_values(found, status="tayang"), actor(), version=1)
        assert found.values["status"] == "tayang"
        keep_row(db, found, with_values(found, usaha="Kain"), own, version=2)
        assert found.values["status"] == "diajukan", "what changed is looked over again"


def test_contradictions_inside_a_row_are_named(database: Database) -> None:
    months = {f"kas_{month:02d}": 10 for month in range(1, 13)}
    base = {"kode": "1", "nama": "Jalan", "tahun": 2026, "status": "berjalan", "kegiatan": "k"}
    with database.writing() as db:
        for values, said in (
            ({**base, **months, "pagu": 100}, "Pagu: jumlah bagiannya 120 lebih dari Pagu 100"),
            ({**base, "kode": "", "pagu": 5}, "Kode: wajib diisi"),
        ):
            with pytest.raises(InputError, match=said):
                add_row(db, kind_of("sub-kegiatan"), Given(values=values, owner=DISHUB), actor())
        project = {
            "kode": "B",
            "nama": "B",
            "status": "rencana",
            "mulai": "2026-05-01",
            "selesai": "2026-04-01",
        }
        with pytest.raises(InputError, match="Selesai: lebih awal daripada Mulai"):
            add_row(db, kind_of("proyek"), Given(values=project, owner=DISHUB), actor())
        given = Given(values={"kode": "a", "nama": "A"}, valid_from=TODAY, valid_to=TODAY.replace(day=1))
        with pytest.raises(InputError, match="berlaku_sampai lebih awal"):
            add_row(db, kind_of("pasar"), given, actor())


def test_an_opd_of_the_register_is_an_opd_of_the_city(database: Database) -> None:
    with database.writing() as db:
        found = add_row(db, kind_of("opd"), Given(values={"nomor": 7, "nama": "Dinas Sosial"}), actor())
        assert db.get_one(Opd, 7).name == "Dinas Sosial"
        keep_row(db, found, with_values(found, nama="Dinas Sosial dan P3A"), actor(), version=1)
        assert db.get_one(Opd, 7).name == "Dinas Sosial dan P3A"


def test_open_data_has_published_rows_and_public_fields_only(database: Database) -> None:
    with database.writing() as db:
        for name, status in (("Batik", "tayang"), ("Rotan", "ditolak")):
            values = {"nama": name, "status": status, "kontak": "0561 732000"}
            add_row(db, kind_of("penjual"), Given(values=values, owner=DISHUB, quality="contoh"), actor())
        past = Given(values={"nama": "Lama", "status": "tayang"}, owner=DISHUB, valid_to=TODAY.replace(day=1))
        add_row(db, kind_of("penjual"), past, actor())
    with database.reading() as db:
        found = public_dataset(db, "penjual", today=TODAY)
        assert found is not None
        assert "kontak" not in found.columns
        rows = list(found.rows)
        assert [one["nama"] for one in rows] == ["Batik"]
        assert set(rows[0]) == set(found.columns)
        assert (rows[0]["opd"], rows[0]["mutu"]) == ("Dinas Perhubungan", "contoh")
        assert found.changed_at == START
        assert public_dataset(db, "arsip", today=TODAY) is None


def test_the_history_is_never_rewritten(database: Database) -> None:
    number = add_application(database, "Gencil")
    change(database, number, 1, vendor="A")
    with database.reading() as db:
        kept = list(db.scalars(select(RegisterChange).where(RegisterChange.row_id == number)))
        assert [one.snapshot.get("vendor") for one in sorted(kept, key=lambda one: one.version)] == [
            None,
            "A",
        ]


def test_others_ask_for_rows_by_what_somebody_sees(database: Database) -> None:
    add_application(database, "Satu")
    who = Viewer(1, "budi", "Budi", 1, frozenset({Permission.REGISTER_SEE}), False, False)
    nobody = Viewer(99, "ani", "Ani", 2, frozenset(), False, False)
    with database.reading() as db:
        reach = service.reach_for(db, who, lambda: START)
        page = service.rows_of(db, "aplikasi", filters=Wanted(), viewer=reach, today=TODAY)
        assert [one.title for one in page.rows] == ["Satu"]
        reach = service.reach_for(db, nobody, lambda: START)
        assert service.rows_of(db, "aplikasi", filters=Wanted(), viewer=reach, today=TODAY).total == 0


def test_sums_that_must_agree_are_held_to_it() -> None:
    kind = msgspec.structs.replace(
        APPLICATION, sums=(SumRule(parts=("tahun",), whole="server_cpu", is_exact=True),)
    )
    values = {"nama": "A", "fungsi": "B", "status": "aktif", "tahun": 2000, "server_cpu": 3000}
    assert list(wrong_with(kind, values)) == [
        ("server_cpu", "jumlah bagiannya 2000, bukan 3000; periksa angkanya")
    ]
    assert list(wrong_with(kind, {**values, "server_cpu": 2000})) == []

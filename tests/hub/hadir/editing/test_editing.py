"""Editing what is data: whom it changes is shown first, reach is kept, mistakes change nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hub.errors import InputError
from hub.hadir.editing import preview, typed, whom
from hub.hadir.models import AllowanceTariff, HoursPeriod, PersonLeave, PublicHoliday, WorkCalendar
from hub.hadir.results.publishing.outcomes import settle
from hub.people.models import AuditEntry, Opd, Person, Placement, Unit
from hub.people.permissions import Role, ScopeKind
from tests.hub.hadir.conftest import NOW, WIB, Office, of_opd, text_of
from tests.hub.screens import Screens, post

MONDAY = date(2026, 11, 16)
BASE = "/hadir/kelola"
HOLIDAY = {
    "hari": "2026-11-16",
    "nama": "Hari Jadi",
    "jenis": "local",
    "keputusan": "SK 1",
    "lingkup": "city:0",
}
WEEK = {"hari0": "08.00-15.00 12.00-12.30", "hari1": "08:00-15:00"}
PERIOD = {"nama": "Ramadan uji", "mulai": "2026-11-16", "selesai": "2026-11-17", "lingkup": "city:0", **WEEK}
CALENDAR = {"nama": "Jam uji", "mulai": "2026-11-01", "lingkup": "city:0", **WEEK}
LEAVE = {"nomor": "101", "jenis": "S", "mulai": "2026-11-16", "selesai": "2026-11-17", "bagian": "penuh"}
TARIFF = {
    "versi": "perwa-1", "mulai": "2026-11-01", "lingkup": "city:0", "terlambat": "A1; 1; 2,5\nA2; 31; 3",
    "awal": "B1; 1; 1", "satu": "MS; 1", "tidak": "TK; 5", "tenggang": "", "ganti": "30", "batas": "50",
    "sehari": "450",
}  # fmt: skip
SHIFT = {"nomor": "101", "hari": "2026-11-16", "giliran": "sore", "jam": "14.00-21.00"}
FORMS = {
    "libur": HOLIDAY,
    "periode": PERIOD,
    "jam-kerja": CALENDAR,
    "izin": LEAVE,
    "tarif": TARIFF,
    "giliran": SHIFT,
}


@pytest.fixture
def office(city: Screens) -> Office:
    office = Office(city.database)
    office.day(101, MONDAY, "07:45", "16:05")
    office.delivered(city.clock())
    with city.database.writing() as db:
        settle(db, persons=None, first=MONDAY, last=MONDAY, zone=WIB, now=NOW)
        db.add(Opd(number=2, name="Dinas Lain"))
        db.flush()
        db.add(Unit(number=21, opd=2, name="Bidang Lain"))
        db.add(Person(number=201, short_name="Orang Lain", opd=2, changed_at=NOW))
        db.flush()
        db.add(Placement(person_number=201, opd=2, unit=21, valid_from=MONDAY))
    return office


@pytest.mark.parametrize("kind", FORMS)
def test_a_change_is_shown_first_then_kept_and_written_down(city: Screens, office: Office, kind: str) -> None:
    client = city.signed_in(Role.PERSONNEL, name="bkpsdm")
    path = f"{BASE}/{kind}"
    before = city.dump()
    page = post(client, path, path, langkah="coba", **FORMS[kind]).get_data(as_text=True)
    assert "Siapa yang berubah" in page
    assert "Pegawai 101" in page, page
    assert "TL1" in page
    unchanged = {name: rows for name, rows in city.dump().items() if name != "audit_entry"}
    assert unchanged == {name: rows for name, rows in before.items() if name != "audit_entry"}
    assert post(client, path, path, langkah="simpan", **FORMS[kind]).status_code == 303
    page = text_of(client, path)
    assert "Tersimpan." in page
    with city.database.reading() as db:
        notes = [
            (n.action, n.object) for n in db.scalars(select(AuditEntry).where(AuditEntry.actor == "bkpsdm"))
        ]
    whom = "person:101" if kind in ("izin", "giliran") else "city:0"
    assert ("hours.save", f"{kind} {whom}") in notes
    assert "Pegawai 101" in text_of(client, "/hadir/terbit?opd=1&bulan=2026-11")


@pytest.mark.parametrize("kind", ["libur", "periode", "jam-kerja", "izin", "tarif"])
def test_a_row_is_changed_and_taken_away(city: Screens, office: Office, kind: str) -> None:
    client = city.signed_in(Role.PERSONNEL)
    path = f"{BASE}/{kind}"
    post(client, path, path, langkah="simpan", **FORMS[kind])
    model = {
        "libur": PublicHoliday, "periode": HoursPeriod, "jam-kerja": WorkCalendar, "izin": PersonLeave,
        "tarif": AllowanceTariff,
    }[kind]  # fmt: skip
    with city.database.reading() as db:
        key = str(max(db.scalars(select(model.id))))
    form = text_of(client, f"{path}?baris={key}")
    assert ("Salin" if kind == "tarif" else "Ubah") in form
    again = {**FORMS[kind], "nama": "Nama baru", "dokumen": "SK 2", "versi": "perwa-2"}
    assert post(client, path, path, langkah="simpan", baris=key, **again).status_code == 303
    assert "Tersimpan" in text_of(client, path)
    assert post(client, path, path, langkah="coba-hapus", baris=key).status_code == 200
    assert post(client, path, path, langkah="hapus", baris=key).status_code == 303
    with city.database.reading() as db:
        row = db.get(model, int(key))
        assert row is None or (isinstance(row, PersonLeave) and row.is_withdrawn)


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("libur", {"hari": "besok"}, "bukan tanggal"),
        ("libur", {"nama": " "}, "Isi nama libur."),
        ("libur", {"nama": "x" * 81}, "terlalu panjang"),
        ("libur", {"jenis": "x"}, "Pilih jenis libur."),
        ("libur", {"lingkup": ""}, "Pilih untuk siapa"),
        ("libur", {"pegawai": "Tidak Ada"}, "tidak ada dalam kewenangan"),
        ("libur", {"pegawai": "999"}, "di luar kewenangan"),
        ("libur", {"lingkup": "unit:999"}, "di luar kewenangan"),
        ("libur", {"hari": "2026-12-25"}, "sudah libur"),
        ("periode", {"selesai": "2026-11-01"}, "tukar keduanya"),
        ("periode", {"selesai": "2028-11-01"}, "periksa tahunnya"),
        ("periode", {"nama": "Ramadan 1448 H"}, "sudah ada"),
        ("periode", {"hari0": "", "hari1": ""}, "Isi jam kerja sedikitnya satu hari"),
        ("periode", {"hari0": "pagi"}, "bukan jam kerja"),
        ("periode", {"hari0": "08.00-25.00"}, "bukan jam"),
        ("jam-kerja", {"selesai": "2026-10-01"}, "tukar keduanya"),
        ("jam-kerja", {"mulai": "2023-04-13"}, "Sudah ada jam kerja sejak"),
        ("tarif", {"versi": "contoh-2026"}, "sudah ada"),
        ("tarif", {"terlambat": "A1; 1"}, "tulis kode; mulai menit ke; persen"),
        ("tarif", {"terlambat": "A; 9; 1\nB; 1; 1"}, "menitnya naik"),
        ("tarif", {"awal": ""}, "sedikitnya satu baris"),
        ("tarif", {"satu": "MS"}, "tulis kode; persen"),
        ("tarif", {"tidak": "TK; banyak"}, "bukan persentase"),
        ("tarif", {"batas": "120"}, "di luar 0 sampai 100"),
        ("tarif", {"tenggang": "lama"}, "tulis menit"),
        ("giliran", {"nomor": "999"}, "tidak ada dalam kewenangan Anda"),
        ("giliran", {"nomor": "x"}, "tidak ada dalam kewenangan Anda"),
        ("giliran", {"nomor": "9" * 25}, "tidak ada dalam kewenangan Anda"),
        ("libur", {"lingkup": f"opd:{'9' * 25}"}, "Pilih untuk siapa"),
        ("libur", {"pegawai": "9" * 25}, "bukan nomor"),
        ("tarif", {"tenggang": "9" * 4500}, "tulis menit"),
        ("tarif", {"terlambat": f"A1; {'9' * 25}; 1"}, "tulis kode; mulai menit ke; persen"),
        ("giliran", {"jam": "malam"}, "bukan jam kerja"),
        ("giliran", {"hari": "besok"}, "bukan tanggal"),
        ("izin", {"nomor": "999"}, "tidak ada dalam kewenangan Anda"),
        ("izin", {"jenis": "Q"}, "pakai C, S"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(
    city: Screens, office: Office, kind: str, change: dict[str, str], words: str
) -> None:
    client = city.signed_in(Role.PERSONNEL)
    path = f"{BASE}/{kind}"
    fields = {**FORMS[kind], **change}
    answer = post(client, path, path, langkah="simpan", **fields)
    assert answer.status_code == 303
    page = text_of(client, answer.location)
    assert words in page
    assert fields.get("nama", "") in page or len(fields["nama"]) > 80 or not fields["nama"].strip()
    with city.database.reading() as db:
        assert db.scalars(select(PublicHoliday).where(PublicHoliday.name == "Hari Jadi")).first() is None


def test_a_tariff_that_results_rest_on_stays(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL)
    with city.database.reading() as db:
        key = str(db.scalars(select(AllowanceTariff.id)).one())
    post(client, f"{BASE}/tarif", f"{BASE}/tarif", langkah="hapus", baris=key)
    assert "dipakai hasil yang sudah terbit" in text_of(client, f"{BASE}/tarif")


def test_an_officer_of_an_opd_edits_only_that_opd(city: Screens, office: Office) -> None:
    client = of_opd(city, Role.PERSONNEL, "2", "kepegawaian")
    path = f"{BASE}/libur"
    post(client, path, path, langkah="simpan", **HOLIDAY)
    assert "di luar kewenangan Anda" in text_of(client, path)
    for scope in ("opd:2", "unit:21"):
        post(client, path, path, langkah="simpan", **{**HOLIDAY, "lingkup": scope})
    post(client, path, path, langkah="simpan", **{**HOLIDAY, "pegawai": "201"})
    post(client, path, path, langkah="simpan", **{**HOLIDAY, "pegawai": "101"})
    with city.database.reading() as db:
        rows = db.scalars(select(PublicHoliday).where(PublicHoliday.name == "Hari Jadi")).all()
        assert {(row.scope, row.scope_number) for row in rows} == {("opd", 2), ("unit", 21), ("person", 201)}
        of_city = db.scalars(select(PublicHoliday.id).where(PublicHoliday.scope == "city")).first()
        of_unit = next(row.id for row in rows if row.scope == "unit")
    page = text_of(client, path)
    assert "Hari Raya Natal" in page
    assert "Orang Lain (201)" in page
    assert f'name="baris" value="{of_city}"' not in page
    post(client, path, path, langkah="hapus", baris=str(of_city))
    assert "di luar kewenangan Anda" in text_of(client, path)
    assert client.get(f"{path}?baris={of_city}").status_code == 404
    first = of_opd(city, Role.PERSONNEL, "1", "kominfo")
    assert "Hari Jadi" not in text_of(first, path).replace("Hari Jadi Kota Pontianak", "")
    unit = of_opd(city, Role.PERSONNEL, "21", "bidang", ScopeKind.UNIT)
    assert "Dinas Lain" in text_of(unit, path)
    assert post(unit, path, path, langkah="hapus", baris=str(of_unit)).status_code == 303
    for kind in ("jam-kerja", "periode"):
        own = {**FORMS[kind], "lingkup": "unit:21"}
        post(client, f"{BASE}/{kind}", path, langkah="simpan", **own)
        assert "Tersimpan" in text_of(client, f"{BASE}/{kind}"), kind
    post(client, f"{BASE}/tarif", path, langkah="simpan", **{**TARIFF, "lingkup": "opd:2"})
    assert "admin OPD tidak mengubahnya" in text_of(client, f"{BASE}/tarif")
    post(client, f"{BASE}/izin", path, langkah="simpan", **LEAVE)
    assert "tidak ada dalam kewenangan Anda" in text_of(client, f"{BASE}/izin")


def test_leave_of_others_is_neither_seen_nor_touched(city: Screens, office: Office) -> None:
    post(city.signed_in(Role.PERSONNEL), f"{BASE}/izin", f"{BASE}/izin", langkah="simpan", **LEAVE)
    client = of_opd(city, Role.PERSONNEL, "2", "kepegawaian")
    assert "Pegawai 101" not in text_of(client, f"{BASE}/izin")
    with city.database.reading() as db:
        key = str(db.scalars(select(PersonLeave.id)).one())
    assert client.get(f"{BASE}/izin?baris={key}").status_code == 404
    post(client, f"{BASE}/izin", f"{BASE}/izin", langkah="hapus", baris=key)
    assert "di luar kewenangan Anda" in text_of(client, f"{BASE}/izin")
    mine = of_opd(city, Role.PERSONNEL, "1", "kominfo")
    assert "Pegawai 101" in text_of(mine, f"{BASE}/izin")
    assert mine.get(f"{BASE}/izin?baris={key}").status_code == 200


def test_days_of_the_roster_are_changed_taken_out_and_kept_from_others(city: Screens, office: Office) -> None:
    client, path, key = city.signed_in(Role.PERSONNEL), f"{BASE}/giliran", "101:2026-11-16"
    post(client, path, path, langkah="simpan", **SHIFT)
    assert 'value="14.00-21.00"' in text_of(client, f"{path}?baris={key}")
    post(client, path, path, langkah="simpan", baris=key, jam="")
    assert "lepas giliran" in text_of(client, path)
    other = of_opd(city, Role.PERSONNEL, "2", "kepegawaian")
    assert "Pegawai 101" not in text_of(other, path)
    for wrong in (key, "201:2026-11-16", "x"):
        assert other.get(f"{path}?baris={wrong}").status_code == 404, wrong
    post(other, path, path, langkah="simpan", **SHIFT)
    assert "tidak ada dalam kewenangan Anda" in text_of(other, path)
    assert post(client, path, path, langkah="coba-hapus", baris=key).status_code == 200
    post(client, path, path, langkah="hapus", baris=key)
    assert '<th scope="row">Pegawai 101' not in text_of(client, path)


def test_who_only_looks_edits_nothing(city: Screens, office: Office) -> None:
    boss = of_opd(city, Role.SUPERIOR, "1", "kadis")
    for kind in ("", "/libur", "/izin", "/tarif", "/giliran/impor"):
        assert boss.get(BASE + kind).status_code == 404, kind
    assert post(boss, f"{BASE}/libur", "/hadir", langkah="simpan", **HOLIDAY).status_code == 404


def test_a_long_preview_is_cut_and_says_so(
    city: Screens, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "MAX_SHOWN", 1)
    client = city.signed_in(Role.PERSONNEL)
    page = post(client, f"{BASE}/libur", f"{BASE}/libur", langkah="coba", **HOLIDAY).get_data(as_text=True)
    assert "Daftar ini belum semuanya." in page
    old = {**CALENDAR, "mulai": "2020-01-01", "selesai": "2020-12-31"}
    page = post(client, f"{BASE}/jam-kerja", f"{BASE}/libur", langkah="coba", **old).get_data(as_text=True)
    assert "Yang diperiksa:" in page
    future = {**HOLIDAY, "hari": f"{MONDAY + timedelta(days=60)}"}
    page = post(client, f"{BASE}/libur", f"{BASE}/libur", langkah="coba", **future).get_data(as_text=True)
    assert "Tidak ada hasil terbit yang berubah." in page
    for scope in ("opd:1", "unit:11"):
        one = {**HOLIDAY, "lingkup": scope}
        page = post(client, f"{BASE}/libur", f"{BASE}/libur", langkah="coba", **one).get_data(as_text=True)
        assert "Pegawai 10" in page


def test_a_preview_says_which_days_are_not_published_yet(city: Screens, office: Office) -> None:
    client, path = city.signed_in(Role.PERSONNEL), f"{BASE}/izin"
    long = {**LEAVE, "mulai": "2026-11-16", "selesai": "2026-11-25"}
    page = post(client, path, path, langkah="coba", **long).get_data(as_text=True)
    assert "Belum terbit, jadi belum dapat dibandingkan" in page
    assert "Sel 17 Nov 2026 – Sab 21 Nov 2026" in page
    assert "Mulai Min 22 Nov 2026 belum tiba" in page
    one = {**LEAVE, "mulai": "2026-11-16", "selesai": "2026-11-16"}
    page = post(client, path, path, langkah="coba", **one).get_data(as_text=True)
    assert "Belum terbit" not in page
    assert "belum tiba" not in page


def test_days_not_published_are_told_as_runs() -> None:
    days = [date(2026, 11, day) for day in (18, 16, 17, 20)]
    assert list(preview._spans(days)) == [
        (date(2026, 11, 16), date(2026, 11, 18)),
        (date(2026, 11, 20), date(2026, 11, 20)),
    ]
    assert list(preview._spans([])) == []


class TestWhom:
    """Somebody is chosen by name; two of one name are asked about, never guessed."""

    @pytest.mark.parametrize("typed_name", ["pegawai 101", "Pegawai 101 (101)", "101", " Pegawai  101 "])
    def test_a_name_or_a_number_or_both(self, city: Screens, office: Office, typed_name: str) -> None:
        client, path = city.signed_in(Role.PERSONNEL), f"{BASE}/izin"
        form = text_of(client, path)
        assert '<option value="Pegawai 101 (101)">' in form
        post(client, path, path, langkah="simpan", **{**LEAVE, "nomor": typed_name})
        with city.database.reading() as db:
            assert db.scalars(select(PersonLeave.person_number)).all() == [101]

    @pytest.mark.parametrize(
        ("typed_name", "words"),
        [
            ("Pegawai", "Ada 7 pegawai yang cocok: Pegawai 101 (101), Pegawai 102 (102)"),
            ("Orang", "tidak ada dalam kewenangan Anda"),
            ("Orang Lain (201)", "Pegawai nomor 201 tidak ada dalam kewenangan Anda"),
        ],
    )
    def test_several_or_nobody_are_asked_back(
        self, city: Screens, office: Office, typed_name: str, words: str
    ) -> None:
        client, path = of_opd(city, Role.PERSONNEL, "1", "kominfo"), f"{BASE}/giliran"
        answer = post(client, path, path, langkah="simpan", **{**SHIFT, "nomor": typed_name})
        page = text_of(client, answer.location)
        assert words in page
        assert "Orang Lain" not in page.replace(typed_name, "")

    def test_many_are_not_sent_as_proposals(
        self, city: Screens, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whom, "MAX_PROPOSED", 2)
        monkeypatch.setattr(whom, "_MAX_NAMED", 2)
        client, path = city.signed_in(Role.PERSONNEL), f"{BASE}/libur"
        assert "<datalist" not in text_of(client, path)
        answer = post(client, path, path, langkah="simpan", **{**HOLIDAY, "pegawai": "pegawai"})
        assert ", dan 5 lagi; ketik nomornya" in text_of(client, answer.location)
        post(client, path, path, langkah="simpan", **{**HOLIDAY, "pegawai": "pegawai 103"})
        with city.database.reading() as db:
            row = db.scalars(select(PublicHoliday).where(PublicHoliday.name == "Hari Jadi")).one()
        assert (row.scope, row.scope_number) == ("person", 103)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22.00-06.00+1", ["22:00", "06:00"]),
        ("22.00 - 06.00+1 01.00-02.00", ["22:00", "06:00", "01:00", "02:00"]),
        ("07.30-16.00 12.00-13.00", ["07:30", "16:00", "12:00", "13:00"]),
        ("00.00-00.00+1", ["00:00", "00:00"]),
        ("", []),
    ],
)
def test_hours_over_midnight_say_so_and_come_back_as_they_were(text: str, hours: list[str]) -> None:
    assert typed.hours_of_text(text, "Senin") == hours
    assert typed.hours_of_text(typed.hours_text(hours), "Senin") == hours


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("22.00-06.00", r"tambahkan \+1 bila dan hanya bila"),
        ("08.00-16.00+1", r"tambahkan \+1"),
        ("08.00-16.00 07.00-08.00", "istirahat 07:00-08:00 di luar jam kerja"),
        ("08.00-16.00 13.00-12.00", "di luar jam kerja"),
        ("22.00-06.00+1 12.00-13.00", "di luar jam kerja"),
        ("08.00", "bukan jam kerja"),
    ],
)
def test_hours_that_cross_midnight_unsaid_or_a_break_outside_are_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        typed.hours_of_text(text, "Senin")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"terlambat": "TK; 1; 1"}, "kode 'TK'"),
        ({"awal": "TK; 1; 1"}, "kode 'TK'"),
        ({"satu": "TK; 1"}, "kode 'TK'"),
        ({"tidak": "TS; 1"}, "kode 'TS'"),
        ({"terlambat": "tl1; 1; 1"}, "1-6 huruf besar"),
        ({"terlambat": "A; 1; 101"}, "di luar 0 sampai 100"),
        ({"terlambat": "A; 1; -1"}, "di luar 0 sampai 100"),
        ({"terlambat": "A; 1; NaN"}, "di luar 0 sampai 100"),
        ({"terlambat": "A; -1; 1"}, "tulis kode; mulai menit ke; persen"),
        ({"terlambat": "A; 5; 1\nB; 5; 2"}, "menitnya naik"),
        ({"sehari": "0"}, "lebih dari 0"),
        ({"ganti": "1441"}, "0 sampai 1440"),
    ],
)
def test_a_tariff_that_cannot_be_is_refused(
    city: Screens, office: Office, change: dict[str, str], words: str
) -> None:
    client, path = city.signed_in(Role.PERSONNEL), f"{BASE}/tarif"
    answer = post(client, path, path, langkah="simpan", **{**TARIFF, **change})
    assert words.replace("'", "&#39;") in text_of(client, answer.location)
    with city.database.reading() as db:
        assert db.scalars(select(AllowanceTariff.version)).all() == ["contoh-2026"]


def test_a_copy_of_the_example_is_kept_as_it_is(city: Screens, office: Office) -> None:
    client, path = city.signed_in(Role.PERSONNEL), f"{BASE}/tarif"
    post(client, path, path, langkah="simpan", **{**TARIFF, "satu": "TS; 1,5", "tidak": "TK; 4"})
    assert "Tersimpan" in text_of(client, path)


def test_hours_are_read_as_people_write_them() -> None:
    assert (
        typed.week_of_values({"hari4": "7.30 - 16:30, 11.30–13.00"})
        == '{"4":["07:30","16:30","11:30","13:00"]}'
    )
    assert typed.hours_text(["07:30", "16:30", "11:30", "13:00"]) == "07.30-16.30 11.30-13.00"
    with pytest.raises(InputError, match="Senin"):
        typed.week_of_values({"hari0": "1.00-2.00 3.00-4.00 5.00-6.00"})

"""The calendar of content: plans for those who keep the register, what is out for everybody."""

from hub.db import Database
from hub.people.permissions import Role
from hub.registers.keeping.reach import EVERYTHING, RegisterReach
from hub.registers.keeping.service import Given, add_row
from hub.registers.kind.reading import kind_of
from hub.registers.showing.calendar import content_month, month_before, next_month
from tests.hub.registers.conftest import DISHUB, DISKOMINFO, TODAY, actor
from tests.hub.screens import Screens

FIRST = TODAY.replace(day=1)
ROWS = (
    ("K1", "Air pasang", "2026-11-02", "informasi", ["instagram", "facebook"], "tayang", DISKOMINFO),
    ("K2", "Hari Pahlawan", "2026-11-10", "ucapan", ["instagram"], "tayang", DISKOMINFO),
    ("K3", "Rencana liputan", "2026-11-30", "informasi", ["youtube"], "terjadwal", DISKOMINFO),
    ("K4", "Gagasan", "2026-11-30", "kreatif", [], "draf", DISHUB),
    ("K5", "Bulan lain", "2026-12-01", "informasi", ["situs"], "terjadwal", DISKOMINFO),
)


def fill(database: Database) -> None:
    names = ("nomor", "judul", "tanggal", "jenis", "kanal", "status")
    with database.writing() as db:
        for *values, owner in ROWS:
            given = {name: value for name, value in zip(names, values, strict=True) if value}
            add_row(db, kind_of("konten"), Given(values=given, owner=owner), actor())  # type: ignore[arg-type]  # values of a test


def test_a_month_is_counted_by_kind_and_channel_as_far_as_somebody_sees(database: Database) -> None:
    fill(database)
    with database.reading() as db:
        whole = content_month(db, FIRST, today=TODAY, reach=EVERYTHING)
        public = content_month(db, FIRST, today=TODAY, reach=None)
        own = content_month(db, FIRST, today=TODAY, reach=RegisterReach(False, opds=frozenset({DISHUB})))
        narrowed = content_month(
            db, FIRST, today=TODAY, reach=EVERYTHING, kind="informasi", channel="youtube"
        )
    assert [one.title for one in whole.items] == ["Air pasang", "Hari Pahlawan", "Gagasan", "Rencana liputan"]
    assert whole.by_kind == {"informasi": 2, "ucapan": 1, "kreatif": 1}
    assert whole.by_channel["informasi", "facebook"] == 1
    assert whole.by_channel["kreatif", ""] == 1
    assert whole.by_status == {"tayang": 2, "terjadwal": 1, "draf": 1}
    assert len(whole.days) == 30
    assert [one.title for one in whole.days[-1].items] == ["Gagasan", "Rencana liputan"]
    assert {one.status for one in public.items} == {"tayang"}
    assert [one.title for one in own.items] == ["Gagasan"]
    assert [one.title for one in narrowed.items] == ["Rencana liputan"]
    december = next_month(FIRST)
    assert (december.month, next_month(december).year, month_before(FIRST).month) == (12, 2027, 10)


def test_plans_are_seen_by_the_office_alone_and_addresses_break_nothing(office: Screens) -> None:
    stranger, admin = office.stranger(), office.signed_in(Role.ADMIN)
    empty = stranger.get("/konten/kalender").get_data(as_text=True)
    assert "Belum ada konten yang tayang" in empty
    fill(office.database)
    public = stranger.get("/konten/kalender?bulan=2026-11").get_data(as_text=True)
    assert "Hari Pahlawan" in public
    assert "Rencana liputan" not in public
    assert "Rencana liputan" not in stranger.get("/konten/kalender.csv?bulan=2026-11").get_data(as_text=True)
    planned = admin.get("/konten/kalender?bulan=2026-11").get_data(as_text=True)
    assert "Terjadwal" in planned
    assert "/register/konten/baru" in planned
    assert "begins-7" in planned, "November 2026 begins on a Sunday"
    assert "2026-11-30,Rencana liputan,informasi,youtube,terjadwal" in admin.get(
        "/konten/kalender.csv?bulan=2026-11"
    ).get_data(as_text=True)
    nothing = admin.get("/konten/kalender?bulan=2026-11&jenis=infografis").get_data(as_text=True)
    assert "Tidak ada konten seperti itu" in nothing
    for asked in ("bulan=0000-13", "bulan=2100-12", "bulan=1970-01", "jenis=<b>", "kanal=x"):
        assert stranger.get(f"/konten/kalender?{asked}").status_code == 200, asked

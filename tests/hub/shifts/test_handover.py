"""The log of the control room: written, handed over with what is open, signed, and then unchangeable."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.service import raise_alarm
from hub.cctv.outages.models import MaintenanceWindow, Outage
from hub.cctv.steering.models import CameraHold
from hub.people.models import Account, AuditEntry
from hub.people.permissions import Role
from hub.shifts.alarms import on_duty
from hub.shifts.models import Shift, ShiftEntry
from tests.hub.screens import Screens, post

LOG = "/serah-terima"


@pytest.fixture
def oki(screens: Screens) -> FlaskClient:
    screens.city.load()
    return screens.signed_in(Role.OPERATOR, name="oki")


@pytest.fixture
def budi(screens: Screens, oki: FlaskClient) -> FlaskClient:
    return screens.signed_in(Role.OPERATOR, name="budi")


def text_of(client: FlaskClient, path: str = LOG) -> str:
    return client.get(path).get_data(as_text=True)


def told(client: FlaskClient, path: str, **fields: str) -> str:
    """Send a form and return the page it leads to."""
    return text_of(client, post(client, path, **fields).location)


def hand_over(client: FlaskClient, note: str = "kamera tugu masih luring") -> str:
    return told(client, f"{LOG}/serahkan", pesan=note, yakin="ya")


def test_a_shift_is_begun_written_handed_over_and_signed(
    screens: Screens, oki: FlaskClient, budi: FlaskClient
) -> None:
    assert "Belum ada giliran" in text_of(oki)
    assert "Giliran Anda dimulai" in told(oki, f"{LOG}/mulai")
    told(oki, f"{LOG}/catat", catatan="Banjir di Jl. Gajah Mada, 30 cm.")
    assert "Banjir di Jl. Gajah Mada" in told(budi, f"{LOG}/catat", catatan="PLN sudah dihubungi.")
    screens.clock.advance(minutes=20)
    assert "menunggu tanda terima" in hand_over(oki)
    page = text_of(budi)
    for words in ("kamera tugu masih luring", "PLN sudah dihubungi", "Ringkasan saat diserahkan"):
        assert words in page, words
    assert "giliran Anda dimulai" in told(budi, f"{LOG}/1/terima", yakin="ya")
    assert "Budi" in text_of(budi)
    page = text_of(oki, f"{LOG}/1")
    assert "Budi," in page
    assert "Meterai" in page
    assert "tidak lagi sama" not in page
    listed = text_of(oki, f"{LOG}/daftar")
    assert "1 · Oki" in listed
    assert "2 · Budi" in listed
    with screens.database.reading() as db:
        acts = [entry.action for entry in db.scalars(select(AuditEntry)) if entry.action.startswith("shift.")]
        assert acts == ["shift.begin", "shift.hand-over", "shift.sign", "shift.begin"]
        assert on_duty(db, screens.clock()) == {db.get_one(Shift, 2).account_id}


def test_nobody_skips_a_step(oki: FlaskClient, budi: FlaskClient) -> None:
    assert "Belum ada giliran yang berjalan" in told(oki, f"{LOG}/catat", catatan="halo")
    assert "Tidak ada giliran" in hand_over(oki)
    told(oki, f"{LOG}/mulai")
    assert "belum diserahterimakan" in told(budi, f"{LOG}/mulai")
    assert "milik orang lain" in hand_over(budi)
    assert "Hanya Oki" in text_of(budi)
    assert "masih berjalan" in told(budi, f"{LOG}/1/terima", yakin="ya")
    assert "Tulis dulu" in told(oki, f"{LOG}/catat", catatan="  ")
    assert "lebih dari 1000" in told(oki, f"{LOG}/catat", catatan="x" * 1001)
    assert "ringkaskan" in hand_over(oki, "x" * 2001)
    hand_over(oki)
    assert "petugas berikutnya" in told(oki, f"{LOG}/1/terima", yakin="ya")
    assert "belum diserahterimakan" in told(budi, f"{LOG}/mulai")
    assert "Belum ada giliran yang berjalan" in told(budi, f"{LOG}/catat", catatan="terlambat")
    told(budi, f"{LOG}/1/terima", yakin="ya")
    assert "sudah ditandatangani" in told(oki, f"{LOG}/1/terima", yakin="ya")
    assert post(oki, f"{LOG}/9/terima", yakin="ya").status_code == 404
    assert oki.get(f"{LOG}/9").status_code == 404


def test_a_supervisor_hands_over_a_shift_whose_keeper_is_gone(screens: Screens, oki: FlaskClient) -> None:
    told(oki, f"{LOG}/mulai")
    screens.clock.advance(hours=11, minutes=59)
    # Nobody is signed in for so long.
    siti = screens.signed_in(Role.SUPERVISOR, name="siti2")
    assert "milik orang lain" in hand_over(siti)
    screens.clock.advance(minutes=1)
    budi = screens.signed_in(Role.OPERATOR, name="budi3")
    assert "milik orang lain" in hand_over(budi)
    assert "tidak menyerahkan giliran ini" in text_of(siti)
    assert "Tulis mengapa" in hand_over(siti, " ")
    assert "menunggu tanda terima" in hand_over(siti, "Oki sakit")
    with screens.database.reading() as db:
        act = db.scalars(select(AuditEntry).where(AuditEntry.action == "shift.hand-over-for")).one()
        assert (act.actor, act.object) == ("siti2", "shift:1")


def test_who_is_gone_is_not_on_duty(screens: Screens, oki: FlaskClient) -> None:
    told(oki, f"{LOG}/mulai")
    now = screens.clock()
    with screens.database.writing() as db:
        account = db.scalars(select(Account).where(Account.name == "oki")).one()
        assert on_duty(db, now + timedelta(hours=15)) == {account.id}
        assert on_duty(db, now + timedelta(hours=16)) == frozenset()
        account.is_disabled = True
        db.flush()
        assert on_duty(db, now) == frozenset()


def test_handing_over_and_signing_want_a_tick(oki: FlaskClient, budi: FlaskClient) -> None:
    told(oki, f"{LOG}/mulai")
    assert post(oki, f"{LOG}/serahkan").status_code == 422
    hand_over(oki)
    assert post(budi, f"{LOG}/1/terima").status_code == 422


def test_two_who_begin_at_the_same_moment_do_not_both(screens: Screens, oki: FlaskClient) -> None:
    with screens.database.writing() as db:
        who = db.scalars(select(Account)).first()
        assert who is not None
        # As if it had been begun between the question and the answer: not the newest of the list.
        db.add(Shift(id=5, running=1, account_id=who.id, began_at=screens.clock()))
        db.add(
            Shift(
                id=9, account_id=who.id, began_at=screens.clock(), handed_at=screens.clock(),
                signed_by=who.id, signed_at=screens.clock(),
            )
        )  # fmt: skip
    assert "Orang lain baru saja memulai" in told(oki, f"{LOG}/mulai")


def test_whatever_is_changed_after_the_signature_is_seen(
    screens: Screens, oki: FlaskClient, budi: FlaskClient
) -> None:
    told(oki, f"{LOG}/mulai")
    told(oki, f"{LOG}/catat", catatan="asli")
    hand_over(oki)
    told(budi, f"{LOG}/1/terima", yakin="ya")
    with screens.database.writing() as db:
        db.scalars(select(ShiftEntry)).one().text = "diubah diam-diam"
    assert "tidak lagi sama" in text_of(oki, f"{LOG}/1")


def test_the_summary_tells_what_is_open_of_every_concern(city: Screens, screens: Screens) -> None:
    now = city.clock()
    with city.database.writing() as db:
        who = db.scalars(select(Account).where(Account.name == "wati")).one()
        raise_alarm(
            db, key="uji", kind=AlarmKind.DEVICE_CLOCK, severity=Severity.LOW, facts={"name": "Pi Tugu"},
            site="tugu", device="pi-tugu", camera=None, link="/perangkat/pi-tugu", now=now,
        )  # fmt: skip
        db.add(
            Outage(
                scope="site", key="tugu", site="tugu", began_at=now - timedelta(hours=2), cause="power",
                facts="{}",
            )
        )  # fmt: skip
        db.add(
            MaintenanceWindow(
                site="jawi", camera="utara", begins_at=now, ends_at=now + timedelta(hours=1),
                why="ganti kabel", by="wati", made_at=now,
            )
        )  # fmt: skip
        db.add(
            CameraHold(device="pi-jawi", camera="utara", account_id=who.id, until=now + timedelta(seconds=30))
        )
    page = text_of(city.signed_in(Role.OPERATOR))
    for words in (
        "Tugu Khatulistiwa: 0 kamera, listrik",
        "Pi Tugu tidak tahu jam",
        "Reklame tanpa izin: dikirim",
        "kamera tertutup: Lengan selatan",
        "Lengan utara: Wati",
        "ganti kabel",
    ):
        assert words in page, words


def test_only_the_control_room_opens_the_log(city: Screens) -> None:
    assert city.signed_in(Role.EXECUTIVE).get(LOG).status_code == 404
    page = text_of(city.signed_in(Role.SUPERVISOR), f"{LOG}/1")
    assert "Simpang Sungai Jawi padat." in page
    assert "masih berjalan" in page


def test_many_shifts_come_in_pages(screens: Screens, oki: FlaskClient) -> None:
    assert "Belum ada giliran" in text_of(oki, f"{LOG}/daftar")
    with screens.database.writing() as db:
        who = db.scalars(select(Account)).first()
        assert who is not None
        for _number in range(31):
            db.add(
                Shift(
                    account_id=who.id, began_at=screens.clock(), handed_at=screens.clock(),
                    signed_by=who.id, signed_at=screens.clock(),
                )
            )  # fmt: skip
            db.flush()
    assert "Lebih lama" in text_of(oki, f"{LOG}/daftar")
    assert "Lebih baru" in text_of(oki, f"{LOG}/daftar?hal=2")

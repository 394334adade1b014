"""Signing in, staying in, and being thrown out."""

import pytest
from sqlalchemy import select, update

from hub.people import sessions
from hub.people.models import Account, AuditEntry, LoginSession
from hub.people.permissions import Role
from hub.people.service import HANDED_OUT_FOR, add_account, reset_password
from tests.hub.screens import PASSWORD, Browser, Screens, csrf_of, post


def make_account(screens: Screens, name: str = "siti") -> str:
    with screens.database.writing() as db:
        made = add_account(
            db, name=name, display_name="", roles=(Role.ADMIN,), now=screens.clock(), actor="test"
        )
        return made.password


def sign_in(client: Browser, name: str, password: str, **more: str) -> int:
    return int(post(client, "/masuk", name=name, password=password, **more).status_code)


def choose_password(client: Browser, current: str, password: str = PASSWORD) -> int:
    fields = {"current": current, "password": password, "again": password}
    return int(post(client, "/sandi", "/sandi", **fields).status_code)


def test_the_first_password_opens_nothing_but_its_own_change(screens: Screens) -> None:
    first, client = make_account(screens), screens.stranger()
    assert sign_in(client, "siti", first) == 303
    assert client.get("/").location == "/sandi"
    assert choose_password(client, first) == 303
    assert client.get("/").status_code == 200
    again = screens.stranger()
    assert sign_in(again, "siti", first) == 401
    assert sign_in(again, " SITI ", PASSWORD) == 303


def test_a_password_on_paper_dies_after_a_week(screens: Screens) -> None:
    first = make_account(screens)
    screens.clock.advance(seconds=HANDED_OUT_FOR.total_seconds())
    assert sign_in(screens.stranger(), "siti", first) == 401
    with screens.database.writing() as db:
        second = reset_password(db, name="siti", now=screens.clock(), actor="test")
    assert sign_in(screens.stranger(), "siti", second) == 303


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(screens: Screens) -> None:
    make_account(screens)
    pages = []
    for name in ("siti", "budi"):
        answer = post(screens.stranger(), "/masuk", name=name, password="salah sekali")
        assert answer.status_code == 401
        text = answer.get_data(as_text=True).replace(f'value="{name}"', "")
        head = text[text.index("<h1>") : text.index('name="csrf_token"')]
        pages.append(head + text[text.index("<label") :])
    assert pages[0] == pages[1]


def test_an_unknown_account_costs_as_much_work_as_a_known_one(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hub.people import service
    from hub.people.signing_in import passwords

    make_account(screens)
    checked: list[str] = []
    verify = passwords._HASHER.verify

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            checked.append(password_hash[:10])
            return verify(password_hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    for name in ("siti", "budi"):
        with screens.database.writing() as db:
            assert service.check_login(db, name=name, password="x", now=screens.clock()) is None
    assert checked == ["$argon2id$"] * 2


def test_after_login_one_lands_where_one_wanted_to_go_but_on_this_host(screens: Screens) -> None:
    first = make_account(screens)
    for wanted, landed in (("/perangkat/x", "/perangkat/x"), ("https://evil.example/", "/"), ("//evil", "/")):
        answer = post(screens.stranger(), "/masuk", name="siti", password=first, lanjut=wanted)
        assert answer.location == landed


def test_tries_on_one_account_are_counted_whatever_its_case_and_existence(screens: Screens) -> None:
    for name in ("siti", "tidakada"):
        client = screens.stranger()
        token = csrf_of(client)
        codes = [
            client.post("/masuk", data={"csrf_token": token, "name": spelt, "password": "x"}).status_code
            for spelt in (name, name.upper(), f" {name}", name, name, name)
        ]
        assert codes == [401] * 5 + [429], name


def test_tries_from_one_address_are_counted_over_all_accounts(screens: Screens) -> None:
    client = screens.stranger()
    token = csrf_of(client)
    codes = [
        client.post("/masuk", data={"csrf_token": token, "name": f"a{n}", "password": ""}).status_code
        for n in range(21)
    ]
    assert codes == [422] * 20 + [429]


def test_the_login_page_leads_the_signed_in_to_the_board(screens: Screens) -> None:
    assert screens.signed_in(Role.ADMIN).get("/masuk").location == "/"


class TestPasswordChange:
    """What is refused says why."""

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"current": "salah"}, "Kata sandi sekarang salah"),
            ({"password": "pendek", "again": "pendek"}, "terlalu pendek"),
            ({"again": "lain sama sekali"}, "tidak sama"),
            ({"password": "password1234", "again": "password1234"}, "mudah ditebak"),
            ({"password": "rumah siti biru", "again": "rumah siti biru"}, "nama akun"),
            ({"password": "x" * 129, "again": "x" * 129}, "terlalu panjang"),
        ],
    )
    def test_a_bad_one_is_refused(self, screens: Screens, fields: dict[str, str], reason: str) -> None:
        first, client = make_account(screens), screens.stranger()
        sign_in(client, "siti", first)
        sent = {"current": first, "password": PASSWORD, "again": PASSWORD} | fields
        answer = post(client, "/sandi", "/sandi", **sent)
        assert answer.status_code == 422
        assert reason in answer.get_data(as_text=True)
        assert client.get("/").location == "/sandi"

    def test_it_ends_the_other_sessions_and_renews_this_one(self, screens: Screens) -> None:
        first, here, there = make_account(screens), screens.stranger(), screens.stranger()
        sign_in(here, "siti", first)
        sign_in(there, "siti", first)
        before = here.get_cookie("pontive")
        assert choose_password(here, first) == 303
        after = here.get_cookie("pontive")
        assert before is not None
        assert after is not None
        assert before.value != after.value
        assert here.get("/").status_code == 200
        assert there.get("/sandi").location.startswith("/masuk")


class TestSessions:
    """Both limits, and every way to end one."""

    def test_a_login_gives_a_new_token_each_time(self, screens: Screens) -> None:
        first, client = make_account(screens), screens.stranger()
        client.set_cookie("pontive", "dipilih-penyerang")
        sign_in(client, "siti", first)
        cookie = client.get_cookie("pontive")
        assert cookie is not None
        assert cookie.value != "dipilih-penyerang"
        assert len(cookie.value) >= 43

    def test_the_token_itself_is_not_in_the_database(self, screens: Screens) -> None:
        client = screens.signed_in(Role.ADMIN)
        cookie = client.get_cookie("pontive")
        assert cookie is not None
        assert cookie.value not in str(screens.dump())

    def test_it_idles_out_after_half_an_hour(self, screens: Screens) -> None:
        client = screens.signed_in(Role.ADMIN)
        for _ in range(3):
            screens.clock.advance(minutes=29)
            assert client.get("/sandi").status_code == 200
        screens.clock.advance(minutes=30)
        assert client.get("/sandi").status_code == 303

    def test_it_ends_after_twelve_hours_however_busy(self, screens: Screens) -> None:
        client = screens.signed_in(Role.ADMIN)
        for _ in range(47):
            screens.clock.advance(minutes=15)
            assert client.get("/sandi").status_code == 200
        screens.clock.advance(minutes=15)
        assert client.get("/sandi").status_code == 303

    def test_a_page_that_asks_by_itself_does_not_keep_it_alive(self, city: Screens) -> None:
        client = city.signed_in(Role.ADMIN)
        city.clock.advance(minutes=20)
        assert client.get("/kamera/pi-jawi/utara/kini").status_code == 200
        city.clock.advance(minutes=10)
        assert client.get("/sandi").status_code == 303

    def test_signing_out_ends_it_also_for_a_copied_cookie(self, screens: Screens) -> None:
        client, copy = screens.signed_in(Role.ADMIN), screens.stranger()
        cookie = client.get_cookie("pontive")
        assert cookie is not None
        copy.set_cookie("pontive", cookie.value)
        assert copy.get("/sandi").status_code == 200
        assert post(client, "/keluar", "/sandi").location == "/masuk"
        assert copy.get("/sandi").status_code == 303
        assert client.get_cookie("pontive") is None

    def test_a_disabled_account_is_out_at_once(self, screens: Screens) -> None:
        client = screens.signed_in(Role.ADMIN, name="siti")
        with screens.database.writing() as db:
            db.execute(update(Account).values(is_disabled=True))
        assert client.get("/sandi").status_code == 303

    def test_a_disabled_account_cannot_sign_in(self, screens: Screens) -> None:
        first = make_account(screens)
        with screens.database.writing() as db:
            db.execute(update(Account).values(is_disabled=True))
        assert sign_in(screens.stranger(), "siti", first) == 401

    def test_it_is_written_down_only_once_a_minute(self, screens: Screens) -> None:
        client = screens.signed_in(Role.ADMIN)
        seen = []
        for _ in range(4):
            screens.clock.advance(seconds=25)
            client.get("/sandi")
            with screens.database.reading() as db:
                seen.append(db.scalars(select(LoginSession.seen_at)).one())
        assert len(set(seen)) == 2


def test_login_and_refusal_are_in_the_audit_chain_without_what_was_typed(screens: Screens) -> None:
    first, client = make_account(screens), screens.stranger()
    sign_in(client, "siti", "kata-sandi-yang-salah")
    sign_in(client, "kata-sandi-di-tempat-nama", "x")
    sign_in(client, "siti", first)
    with screens.database.reading() as db:
        entries = db.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [(entry.action, entry.object) for entry in entries] == [
        ("account.add", "account:siti"),
        ("login.refused", "account:siti"),
        ("login.refused", "account:?"),
        ("session.begin", "account:siti"),
    ]
    for secret in (first, "kata-sandi-yang-salah", "kata-sandi-di-tempat-nama"):
        assert secret not in str(screens.dump())


def test_limits_are_what_the_standard_was_told() -> None:
    assert sessions.IDLE_LIMIT.total_seconds() == 30 * 60
    assert sessions.ABSOLUTE_LIMIT.total_seconds() == 12 * 3600


class TestFirstPage:
    """Where the logo, crumbs and the login lead."""

    @pytest.mark.parametrize(
        ("role", "where"),
        [(Role.PERSONNEL, "/hadir"), (Role.SUPERIOR, "/hadir"), (Role.EMPLOYEE, "/hadir/saya")],
    )
    def test_who_has_no_board_is_led_to_the_own_first_page(
        self, screens: Screens, role: Role, where: str
    ) -> None:
        client = screens.signed_in(role)
        assert client.get("/").location == "/awal"
        first = client.get("/awal").location
        assert client.get(first).status_code in {200, 404} or first.startswith(where)
        assert first != "/"

    def test_who_has_the_board_is_led_to_it(self, screens: Screens) -> None:
        assert screens.signed_in(Role.ADMIN).get("/awal").location == "/"

    @pytest.mark.parametrize("wanted", ["/keluar", "/tidak-ada", "/akun/sandi", "//lain.example"])
    def test_only_what_can_be_looked_at_is_followed_after_login(self, screens: Screens, wanted: str) -> None:
        first = make_account(screens)
        answer = post(screens.stranger(), "/masuk", name="siti", password=first, lanjut=wanted)
        assert answer.location == "/"

    def test_a_page_is_followed_after_login(self, screens: Screens) -> None:
        first = make_account(screens)
        answer = post(screens.stranger(), "/masuk", name="siti", password=first, lanjut="/sandi?x=1")
        assert answer.location == "/sandi?x=1"

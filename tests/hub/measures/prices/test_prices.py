"""Prices: what an officer may type, what the public reads, and what turns red or grey."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from hub.errors import InputError
from hub.measures.keeping.periods import WIB, Grain
from hub.measures.prices import service
from hub.measures.prices.goods import commodities, markets
from hub.measures.prices.rules import Movement, doubt_about, movement, read_price
from hub.measures.service import newest_of, sources_of, values_of
from hub.people.permissions import Role, ScopeKind
from tests.hub.screens import Screens, csrf_of

CHILLI = commodities()["cabai-rawit"]
HOME = "61.71.01.1002"  # where Pasar Flamboyan stands


def fill(
    screens: Screens, prices: list[int], *, market: str = "flamboyan", until: date | None = None
) -> None:
    until = until or screens.clock().astimezone(WIB).date()
    with screens.database.writing() as db:
        for place, price in enumerate(prices, start=1):
            day = until - timedelta(days=len(prices) - place)
            service.enter(db, markets()[market], day, {CHILLI.code: price}, actor="uji", now=screens.clock())


def send(client: FlaskClient, market: str = "flamboyan", **fields: str) -> tuple[int, str]:
    path = f"/harga/isi/{market}"
    answer = client.post(path, data={"csrf_token": csrf_of(client, path), **fields})
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("text", "price"),
    [("45000", 45000), (" 45.000 ", 45000), ("Rp 45.000", 45000), ("1.250.000", 1250000), ("", None)],
)
def test_prices_are_read_as_people_write_them(text: str, price: int | None) -> None:
    assert read_price(text) == price


@pytest.mark.parametrize("text", ["45,000", "45.00", "-5", "empat", "45000/kg", "=1+1", "9" * 12, "٤٥٠٠٠"])
def test_what_may_mean_two_things_is_no_price(text: str) -> None:
    with pytest.raises(InputError, match=r"45\.000"):
        read_price(text)


def test_a_million_for_chilli_is_refused_and_a_jump_must_be_confirmed() -> None:
    refused = doubt_about(CHILLI, 1_000_000, 60_000)
    assert refused is not None
    assert refused.is_refused
    assert "Cabai rawit" in refused.words
    asked = doubt_about(CHILLI, 100_000, 60_000)
    assert asked is not None
    assert not asked.is_refused
    assert doubt_about(CHILLI, 62_000, 60_000) is None
    assert doubt_about(CHILLI, 62_000, None) is None


def test_a_price_is_red_beyond_its_limit_only() -> None:
    assert movement(CHILLI, 76_000, 75_000, 60_000) is Movement.ALERT
    assert movement(CHILLI, 75_000, 70_000, 60_000) is Movement.UP
    assert movement(CHILLI, 60_000, 70_000, 60_000) is Movement.DOWN
    assert movement(CHILLI, 60_100, 60_000, None) is Movement.SAME


def test_an_officer_enters_a_day_and_the_public_reads_it(screens: Screens) -> None:
    today = screens.clock().astimezone(WIB).date()
    fill(screens, [60_000], until=today - timedelta(days=1))
    client = screens.signed_in(Role.MARKET_OFFICER, kind=ScopeKind.KELURAHAN, scope=HOME, name="ani")
    assert "60.000" in client.get("/harga/isi/flamboyan").get_data(as_text=True), "yesterday stands beside"
    code, text = send(client, **{"cabai-rawit": "1.000.000", "telur-ayam": "28.000"})
    assert code == 422
    assert "tidak mungkin" in text
    assert 'value="28.000"' in text, "what was typed is still there"
    code, text = send(client, **{"cabai-rawit": "100.000", "telur-ayam": "28.000"})
    assert (code, "+67 %" in text) == (422, True)
    sure = {"cabai-rawit": "100.000", "yakin-cabai-rawit": "100.000", "telur-ayam": "28.000"}
    # A tick for another number confirms nothing.
    assert send(client, **{**sure, "cabai-rawit": "110.000"})[0] == 422
    assert send(client, **sure)[0] == 303
    public = screens.stranger().get("/harga").get_data(as_text=True)
    assert "100.000" in public
    assert "28.000" in public
    with screens.database.reading() as db:
        newest = values_of(db, "food_price", grain=Grain.DAY)[-1]
        assert newest.samples == 2
        rows = [row for row in sources_of(db, "food_price") if row.value == 100_000]
    assert [row.source.author for row in rows] == ["ani"]


def test_an_officer_has_only_the_markets_of_the_own_kelurahan(screens: Screens) -> None:
    client = screens.signed_in(Role.MARKET_OFFICER, kind=ScopeKind.KELURAHAN, scope=HOME)
    page = client.get("/harga/isi").get_data(as_text=True)
    assert "Pasar Flamboyan" in page
    assert "Pasar Puring" not in page
    assert client.get("/harga/isi/puring").status_code == 404
    token = csrf_of(client, "/harga/isi/flamboyan")
    refused = client.post("/harga/isi/puring", data={"csrf_token": token, "cabai-rawit": "50000"})
    assert refused.status_code == 404
    nobody = screens.signed_in(Role.MARKET_OFFICER, kind=ScopeKind.OPD, scope="1")
    assert "tidak memegang pasar" in nobody.get("/harga/isi").get_data(as_text=True)


def test_old_days_cannot_be_rewritten_and_an_empty_form_keeps_nothing(screens: Screens) -> None:
    client = screens.signed_in(Role.ADMIN)
    long_ago = (screens.clock() - timedelta(days=30)).date().isoformat()
    assert send(client, **{"cabai-rawit": "50.000", "tanggal": long_ago})[0] == 303
    with screens.database.reading() as db:
        [value] = values_of(db, "food_price", grain=Grain.DAY)
    assert value.begin.astimezone(WIB).date() == screens.clock().astimezone(WIB).date()
    assert send(client)[0] == 303
    assert "Belum ada harga yang diisi." in client.get("/harga/isi").get_data(as_text=True)


def test_a_price_that_rose_is_red_and_one_that_nobody_renewed_is_grey(screens: Screens) -> None:
    fill(screens, [60_000] * 20 + [80_000])
    page = screens.stranger().get("/harga").get_data(as_text=True)
    assert "price-melampaui-batas" in page
    with screens.database.reading() as db:
        [calm] = newest_of(db, "food_price_calm")
    assert calm.value == 0
    screens.clock.advance(days=2)
    page = screens.stranger().get("/harga").get_data(as_text=True)
    assert "price-melampaui-batas" not in page
    assert page.count("price-data-basi") == len(commodities())


def test_each_commodity_market_and_file_says_the_same(screens: Screens) -> None:
    fill(screens, [50_000, 52_000])
    fill(screens, [60_000], market="puring")
    stranger = screens.stranger()
    assert "cabai-rawit" in stranger.get("/harga").get_data(as_text=True)
    assert "Rp&nbsp;56.000" in stranger.get("/harga/cabai-rawit").get_data(as_text=True)
    assert "60.000" in stranger.get("/harga?pasar=puring").get_data(as_text=True)
    assert "52000.0" in stranger.get("/harga.csv?pasar=flamboyan").get_data(as_text=True)
    assert "56000.0" in stranger.get("/harga/cabai-rawit.csv").get_data(as_text=True)
    for path in ("/harga/emas", "/harga/emas.csv", "/harga?pasar=tidak-ada"):
        assert stranger.get(path).status_code == 404, path

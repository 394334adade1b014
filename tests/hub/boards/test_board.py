"""The board as a page, its ingest tile, and the health address."""

from datetime import timedelta

from hub.boards.health import RateMeter, read_ingest_state
from hub.ingest.health import Heartbeat
from hub.people.permissions import Role
from tests.hub.screens import START, Screens


def board(screens: Screens, role: Role = Role.DISPLAY) -> str:
    return screens.signed_in(role).get("/").get_data(as_text=True)


def test_an_empty_city_says_what_to_do(screens: Screens) -> None:
    page = board(screens)
    assert "pontive-hub places load" in page
    assert "pontive-hub ingest" in page
    assert "Belum ada pintu" in page


def test_everything_has_its_tile(city: Screens) -> None:
    page = board(city)
    for tile in (
        "camera-pi-jawi-utara",
        "camera-pi-tugu-sungai",
        "door-pi-balai-pintu",
        "device-pi-jawi",
        "ingest",
    ):
        assert page.count(f'id="{tile}"') == 1, tile
    for figure in ("cameras", "cameras-dark", "crossings", "present", "devices", "rate"):
        assert f'id="kpi-{figure}"' in page, figure


def test_the_wall_shows_numbers_of_persons_and_no_names(city: Screens) -> None:
    page = board(city)
    assert "pegawai no. 107" in page
    assert "kode dipakai ulang" in page


def test_every_tile_shows_the_age_of_its_data(city: Screens) -> None:
    page = board(city)
    for piece in page.split('<article class="tile')[1:]:
        tile = piece.split("</article>")[0]
        assert 'class="age"' in tile


def test_without_scripts_the_page_renews_itself(city: Screens) -> None:
    assert '<noscript><meta http-equiv="refresh"' in board(city)


def test_what_is_old_is_grey(city: Screens) -> None:
    assert 'is-stale" id="camera-pi-jawi-utara"' not in board(city)
    city.clock.advance(minutes=10)
    page = board(city)
    assert 'is-stale" id="camera-pi-jawi-utara"' in page
    assert 'is-stale" id="ingest"' in page
    assert "ingest diam" in page


def test_health_follows_the_age_of_the_last_commit(screens: Screens) -> None:
    stranger = screens.stranger()
    assert stranger.get("/healthz").status_code == 503
    screens.city.beat(screens.clock())
    screens.clock.advance(seconds=29)
    good = stranger.get("/healthz")
    assert (good.status_code, good.json) == (200, {"status": "ok", "last_commit_age_s": 29.0})
    screens.clock.advance(seconds=2)
    bad = stranger.get("/healthz")
    assert bad.status_code == 503
    assert bad.json is not None
    assert bad.json["status"] == "stale"


def test_of_several_workers_the_worst_counts(screens: Screens) -> None:
    with screens.database.writing() as db:
        for worker, age_s in ((0, 0), (1, 40)):
            heart = Heartbeat(worker=worker, started_at=START)
            heart.records = 10
            heart.beat(db, now=START - timedelta(seconds=age_s), queue_length=3)
        state = read_ingest_state(db)
    assert state is not None
    assert state.is_stale(START)
    assert (state.records, state.queue_length) == (20, 6)


def test_a_rate_is_measured_over_the_last_seconds() -> None:
    meter = RateMeter()
    assert meter.rate(100, START) == 0
    assert meter.rate(150, START + timedelta(seconds=1)) == 0
    assert meter.rate(300, START + timedelta(seconds=10)) == 20
    for second in range(12, 60, 2):
        rate = meter.rate(300 + 50 * (second - 10), START + timedelta(seconds=second))
    assert rate == 50


def test_a_restart_of_ingest_gives_no_negative_rate() -> None:
    meter = RateMeter()
    meter.rate(1_000, START)
    assert meter.rate(5, START + timedelta(seconds=5)) == 0
    assert meter.rate(25, START + timedelta(seconds=15)) == 2

"""The pages of boards as a browser asks for them: the server's time, and what the first load weighs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import sync_playwright

from hub.app import create_app
from hub.boards.keeping.service import save
from hub.boards.plan.shape import BoardPlan, PlacedTile, Span, TileKind, Use
from hub.boards.screens.service import give_out
from hub.config import HubConfig
from hub.db import Database
from hub.measures.catalogue.shape import Measure
from hub.people import sessions
from hub.people.models import Opd
from hub.people.permissions import Role
from hub.people.service import add_account
from tests.conftest import CHROMIUM
from tests.hub.web.running import running_server

TILES = 24
BOARD, WALL = "bench", "bench-dinding"


def board_of_tiles(code: str, use: Use, measures: list[Measure]) -> BoardPlan:
    """Return a board of 24 tiles: numbers, lines, columns and bars of all measures in turn."""
    kinds = (TileKind.NUMBER, TileKind.LINE, TileKind.BAR, TileKind.BAR)
    tiles = []
    for place in range(TILES):
        kind = kinds[place % len(kinds)]
        by_side = kind is TileKind.BAR and place % len(kinds) == len(kinds) - 1
        tiles.append(
            PlacedTile(
                id=f"ubin-{place + 1}",
                kind=kind,
                subject=measures[place % len(measures)].code,
                side="kelurahan" if by_side else "",
                span=Span.YEAR if place % 2 else Span.MONTH,
                x=1 + 3 * (place % 4),
                y=1 + 2 * (place // 4),
                w=3,
                h=2,
            )
        )
    return BoardPlan(code=code, title="Papan", use=use, tiles=tuple(tiles))


def prepare(database: Database, measures: list[Measure], now: datetime) -> tuple[str, str]:
    """Keep both boards; return the token of somebody who sees all, and the secret of a screen."""
    with database.writing() as db:
        for number in range(1, 70):
            db.merge(Opd(number=number, name=f"OPD {number}"))
        made = add_account(
            db, name="bench", display_name="Bench", roles=(Role.ADMIN,), now=now, actor="bench"
        )
        made.account.must_change_password = False
        for code, use in ((BOARD, Use.EXECUTIVE), (WALL, Use.WALL)):
            save(db, board_of_tiles(code, use, measures), base=None, actor="bench", now=now)
        token = sessions.begin(db, account=made.account, now=now, address="::1", agent="bench")
        given = give_out(db, name="bench", board=WALL, scope="", network="", actor="bench", now=now)
    return token, given.secret


def page_looks(
    database: Database, config: HubConfig, measure: Measure, *, token: str, secret: str, now: datetime
) -> dict[str, Callable[[], object]]:
    """Return the pages by their names, each with what asks for it once."""
    app: Flask = create_app(config, database=database, now=lambda: now)
    client = app.test_client()
    client.set_cookie("pontive", token)
    year = f"dari={(now - timedelta(days=365)).date()}&sampai={now.date()}"
    address = f"/ukuran/{measure.code}"
    paths = {
        f"executive board page, {TILES} tiles": f"/papan/{BOARD}",
        "executive board page, a kecamatan": f"/papan/{BOARD}?lingkup=kecamatan:61.71.05",
        "executive board page, an OPD": f"/papan/{BOARD}?lingkup=opd:7",
        "a screen asks again": f"/layar/{secret}/kini",
        "drill-down page, a year by month": f"{address}?butir=bulan&{year}",
        "drill-down page, a year by day": f"{address}?butir=hari&{year}",
        "drill-down page, a kecamatan's year": f"{address}?butir=bulan&kecamatan=61.71.05&{year}",
        "drill-down page, source rows": f"{address}/sumber?kecamatan=61.71.05&{year}",
    }

    def asker(path: str) -> Callable[[], object]:
        def ask() -> object:
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            return answer.get_data()

        return ask

    return {name: asker(path) for name, path in paths.items()}


def first_load_bytes(folder: Path, url: str, secret: str) -> int:
    """Return what a real browser receives, as served, until a wall of 24 tiles stands."""
    (folder / "hub.toml").write_text("")
    with running_server(folder, database=url) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        received: list[float] = []
        session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        page.goto(f"{address}/layar/{secret}", wait_until="networkidle")
        assert page.locator(".ubin").count() == TILES
        browser.close()
    return int(sum(received))

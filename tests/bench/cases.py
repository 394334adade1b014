"""Cases of years: how long the server takes for inbox, map and statistics of a city full of them."""

import gc
import json
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from _case_load import NOW, fill
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from hub.app import create_app
from hub.cases.keeping.models import CaseRecord
from hub.config import HubConfig
from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind

WARM_UP = 3
_WARD, _OPD = "61.71.04.1004", "4"


def officer(database: Database, app: Flask, role: Role, kind: ScopeKind, scope: str) -> FlaskClient:
    """Return a browser of somebody who holds a role."""
    with database.writing() as db:
        account = Account(
            name=f"bench.{role}",
            display_name=role,
            password_hash="",
            must_change_password=False,
            created_at=NOW,
        )
        db.add(account)
        db.flush()
        db.add(RoleGrant(account_id=account.id, role=role, scope_kind=kind, scope_id=scope, valid_from=NOW))
        token = sessions.begin(db, account=account, now=NOW, address="127.0.0.1", agent="bench")
    client = app.test_client()
    client.set_cookie("pontive", token)
    return client


def pages_of(database: Database, app: Flask) -> dict[str, tuple[FlaskClient, str]]:
    """Return what is measured: who opens which address."""
    coordinator = officer(database, app, Role.COORDINATOR, ScopeKind.CITY, "")
    liaison = officer(database, app, Role.LIAISON, ScopeKind.OPD, _OPD)
    lurah = officer(database, app, Role.LURAH, ScopeKind.KELURAHAN, _WARD)
    operator = officer(database, app, Role.OPERATOR, ScopeKind.CITY, "")
    executive = officer(database, app, Role.EXECUTIVE, ScopeKind.CITY, "")
    with database.reading() as db:
        query = select(CaseRecord.number).where(CaseRecord.stage == "diterima").limit(1)
        number = db.scalars(query).one()
    deep = coordinator.get("/berkas?rak=semua").get_data(as_text=True).partition('rel="next" href="')[2]
    return {
        "inbox of the coordinator": (coordinator, "/berkas"),
        "inbox, late only": (coordinator, "/berkas?lewat=ya"),
        "inbox of an OPD": (liaison, "/berkas"),
        "inbox of a lurah": (lurah, "/berkas"),
        "all cases, newest": (coordinator, "/berkas?rak=semua"),
        "all cases, next page": (coordinator, deep.partition('"')[0].replace("&amp;", "&")),
        "all cases of an OPD": (liaison, "/berkas?rak=semua"),
        "all cases of a kelurahan": (lurah, "/berkas?rak=semua"),
        "late, whole city": (executive, "/berkas?rak=semua&lewat=ya"),
        "one case": (coordinator, f"/berkas/{number}"),
        "public list": (app.test_client(), "/laporan"),
        "statistics": (app.test_client(), "/laporan/statistik"),
        "map": (operator, "/peta"),
        "map, renewed": (operator, "/peta/isi"),
    }


def measured(client: FlaskClient, path: str, times: int) -> dict[str, float]:
    """Return the server's time for one page, in milliseconds."""
    took_ms = []
    for number in range(WARM_UP + times):
        began_s = time.perf_counter()
        answer = client.get(path)
        answer.get_data()
        if number >= WARM_UP:
            took_ms.append((time.perf_counter() - began_s) * 1000)
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    cuts = statistics.quantiles(took_ms, n=20)
    return {"p50_ms": round(statistics.median(took_ms), 1), "p95_ms": round(cuts[-1], 1)}


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option("--cases", "count", default=250_000, show_default=True, help="A fifth of them letters.")
@click.option("--database", "url", default="", help="URL of an empty PostgreSQL; left out: SQLite.")
@click.option("--times", default=40, show_default=True, help="How often each page is asked for.")
@click.option("--seed", default=7, show_default=True)
def command(is_json: bool, count: int, url: str, times: int, seed: int) -> None:
    """Fill a city with cases, open each page, and print the server's times."""
    with tempfile.TemporaryDirectory() as folder:
        address = url or f"sqlite:///{Path(folder) / 'hub.db'}"
        config = HubConfig(database=address, folder=folder, secret_file=str(Path(folder) / "web.secret"))
        database = Database(config.database)
        upgrade(database)
        fill(database, complaints=count - count // 5, letters=count // 5, seed=seed)
        with database.writing() as db:
            db.execute(text("ANALYZE"))
        # A server that only serves has not what filling left behind to look through.
        gc.collect()
        gc.freeze()
        app = create_app(config, now=lambda: NOW.astimezone(UTC), database=database)
        pages = {
            name: measured(client, path, times)
            for name, (client, path) in pages_of(database, app).items()
            if path
        }
        kind = "sqlite" if database.is_sqlite else "postgresql"
        database.close()
    figures = {
        "worst_p95_ms": max(page["p95_ms"] for page in pages.values()),
        "pages": pages,
        "database": kind,
        "cases": count,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if is_json:
        print(json.dumps(figures))
        return
    for name, page in pages.items():
        print(f"{name:28} p50 {page['p50_ms']:7.1f} ms   p95 {page['p95_ms']:7.1f} ms")
    print(f"{'worst p95':28} {figures['worst_p95_ms']:.1f} ms, {kind}, {count} cases")

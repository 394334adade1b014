"""A real Chromium on a running hub. Without a browser these tests are skipped, in CI they fail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.permissions import Role
from hub.people.service import add_account, change_password, find_account
from tests.browser.sample import SampleCity
from tests.hub.web.running import running_server

PASSWORD = "kapal layar kuning di sungai"


@dataclass
class Hub:
    """A running hub, its city, and an account that may sign in."""

    address: str
    database: Database
    city: SampleCity
    folder: Path


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("hub")
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    now = datetime.now(UTC)
    with database.writing() as db:
        made = add_account(db, name="siti", display_name="Siti", roles=(Role.ADMIN,), now=now, actor="test")
        change_password(db, account=made.account, password=PASSWORD, now=now)
        (folder / "first").write_text(
            add_account(db, name="budi", display_name="", roles=(Role.ADMIN,), now=now, actor="t").password
        )
    city = SampleCity(database, folder)
    city.fill(now)
    with running_server(folder) as address:
        yield Hub(address, database, city, folder)
    database.close()


@pytest.fixture(scope="module", autouse=True)
def leave_nothing_to_the_next_file(browser: Browser) -> Iterator[None]:
    """Close what the fixtures of a file opened."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture(autouse=True)
def leave_no_page_open(browser: Browser) -> Iterator[None]:
    """Close what a test opened: a page with an event stream works on, and slows down all that follow."""
    opened_by_the_file = list(browser.contexts)
    yield
    for context in browser.contexts:
        if context not in opened_by_the_file:
            context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: script errors and blocked content."""
    return []


def new_page(browser: Browser, complaints: list[str], *, width: int = 1280, **options: object) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    return page


def sign_in(page: Page, hub: Hub) -> None:
    """Open the board as Siti; the login form has its own test and its own limits."""
    with hub.database.writing() as db:
        account = find_account(db, "siti")
        assert account is not None
        token = sessions.begin(db, account=account, now=datetime.now(UTC), address="::1", agent="test")
    page.context.add_cookies([{"name": "pontive", "value": token, "url": hub.address}])
    page.goto(hub.address + "/")

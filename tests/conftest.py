"""What holds for every test run, and what tests of several areas share.

SIGTERM ends a run as Ctrl-C does, so that fixtures still clean up.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests import mosquitto
from tests.mosquitto import Mosquitto

CHROMIUM = Path(os.environ.get("PONTIVE_CHROMIUM", "/usr/bin/chromium"))
SHARED = Path(__file__).parents[1] / "../shared"
# What a page may take beside two other files of tests on two cores; none of this is a promise.
PAGE_PATIENCE_MS = 120_000
# Few tests a file, and minutes each: begun last, as xdist would by their number, one process works alone at
# the end. They are begun in turns, so that not three cities or three browsers start at the same moment.
SLOW_FOLDERS = (
    "system",
    "torture",
    "browser",
    "firmware_images",
    "provisioning/cities",
    "security",
    "edge/running",
)


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    # A second signal must not cut the cleaning up short.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def pytest_configure(config: pytest.Config) -> None:
    """Take both signals; a shell that runs us beside it has switched SIGINT off for us."""
    # A busy machine is no fault of the code; a failure prints what repeats it.
    settings.register_profile("pontive", deadline=None, print_blob=True)
    settings.load_profile("pontive")
    expect.set_options(timeout=PAGE_PATIENCE_MS)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt_once)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Beside each other, slow files are begun first; then those with most tests."""
    if not hasattr(config, "workerinput"):
        return
    tests, begun = Counter(item.path for item in items), Counter[str]()
    order: dict[Path, tuple[int, int]] = {}
    for path, count in tests.items():
        name = path.relative_to(Path(__file__).parent).as_posix()
        folder = next((one for one in SLOW_FOLDERS if name.startswith(f"{one}/")), None)
        order[path] = (1, -count) if folder is None else (0, begun[folder])
        if folder is not None:
            begun[folder] += 1
    items.sort(key=lambda item: order[item.path])


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    return mosquitto.free_port()


@pytest.fixture
def new_mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Mosquitto]]:
    """Start real brokers with mutual TLS and the two-pattern access list; they end with the test."""
    started: list[Mosquitto] = []

    def start() -> Mosquitto:
        one = Mosquitto(tmp_path_factory.mktemp("mosquitto"))
        started.append(one)
        one.start()
        return one

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def shared_folder() -> Path:
    """The folder of recorded material beside the repository; the test is skipped without it."""
    if not SHARED.is_dir():
        pytest.skip(f"no folder of shared material at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of a test run: a second one beside it cannot be driven from the same thread."""
    if not CHROMIUM.exists():
        reason = f"no Chromium at {CHROMIUM}: apt-get install chromium, or set PONTIVE_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), headless=True)
        _make_patient(browser)
        yield browser
        browser.close()


def _make_patient(browser: Browser) -> None:
    """Let every page wait as long as ``expect``: Playwright has no such setting for a whole browser."""
    new_context = browser.new_context

    def patient_context(**options: object) -> BrowserContext:
        context = new_context(**options)  # type: ignore[arg-type]  # passed on as they are
        context.set_default_timeout(PAGE_PATIENCE_MS)
        return context

    browser.new_context = patient_context  # type: ignore[method-assign]

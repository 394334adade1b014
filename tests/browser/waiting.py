"""Waiting for what a page knows and no locator shows."""

import time

from playwright.sync_api import Page

from tests.conftest import PAGE_PATIENCE_MS


def until_true(page: Page, expression: str, arg: object = None) -> None:
    """Wait until ``expression`` is true in the page.

    Playwright's own ``wait_for_function`` looks again by ``eval`` inside the page, which our pages forbid: it
    succeeds only when the first look does.
    """
    gives_up_at_s = time.monotonic() + PAGE_PATIENCE_MS / 1_000
    while not page.evaluate(expression, arg):
        assert time.monotonic() < gives_up_at_s, f"never true: {expression}"
        page.wait_for_timeout(50)

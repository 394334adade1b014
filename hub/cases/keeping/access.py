"""The engine of the application that answers this request."""

from flask import Flask, current_app

from hub.cases.keeping.engine import CaseEngine

_EXTENSION = "pontive-cases"


def install_cases(app: Flask, engine: CaseEngine) -> None:
    """Give an application what it works cases with."""
    app.extensions[_EXTENSION] = engine


def engine() -> CaseEngine:
    """Return what cases are worked with."""
    found: CaseEngine = current_app.extensions[_EXTENSION]
    return found

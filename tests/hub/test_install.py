"""``pontive-hub install`` becomes the program that knows certificates, with the words it was given."""

import pytest
from click.testing import CliRunner

from hub import install as module
from hub.cli import main


def test_the_words_reach_the_program_beside_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(module.os, "execv", lambda program, words: became.append((program, words)))
    monkeypatch.setattr(module.sys, "executable", "/opt/pontive/bin/python3")
    CliRunner().invoke(main, ["install", "--host", "hub.example.id", "--check"], catch_exceptions=False)
    program = "/opt/pontive/bin/pontive-provision"
    assert became == [(program, [program, "hub", "install", "--host", "hub.example.id", "--check"])]

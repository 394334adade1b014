"""The secret of the web process."""

from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.web.guarding.secret import load_or_make_secret


def test_it_is_made_once_and_for_the_hub_alone(tmp_path: Path) -> None:
    path = tmp_path / "web.secret"
    first = load_or_make_secret(path)
    assert load_or_make_secret(path) == first
    assert len(first) >= 64
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_short_one_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("rahasia")
    with pytest.raises(ConfigError, match="remove it"):
        load_or_make_secret(tmp_path / "s")


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nirgends"):
        load_or_make_secret(tmp_path / "nirgends" / "s")

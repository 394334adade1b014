"""Keys of 32 bytes in files: made once, for the hub alone, and never replaced."""

from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.keyfile import load_or_make_key


def test_a_key_is_made_once_and_for_the_hub_alone(tmp_path: Path) -> None:
    path = tmp_path / "hub-workplace.key"
    made = load_or_make_key(path, setting="workplace.key")
    assert len(made) == 32
    assert load_or_make_key(path, setting="workplace.key") == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_process_that_comes_second_takes_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hub-workplace.key"
    first = load_or_make_key(path, setting="workplace.key")
    # It looked before the first one wrote.
    monkeypatch.setattr(Path, "exists", lambda self, **_: False)
    assert load_or_make_key(path, setting="workplace.key") == first
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_that_is_cut_or_cannot_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "short.key").write_bytes(b"123")
    with pytest.raises(ConfigError, match="3 bytes instead of 32"):
        load_or_make_key(tmp_path / "short.key", setting="workplace.key")
    with pytest.raises(ConfigError, match=r"workplace\.key .*nowhere"):
        load_or_make_key(tmp_path / "nowhere" / "hub-workplace.key", setting="workplace.key")

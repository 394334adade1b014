"""Strict TOML: whatever is wrong is named by its path."""

from pathlib import Path

import pytest

from edge.wire.strict_toml import Section, TomlError, read_toml


class Inner(Section, frozen=True):
    width_px: int = 1


class Outer(Section, frozen=True):
    name: str
    inner: tuple[Inner, ...] = ()


def write(folder: Path, text: str) -> Path:
    path = folder / "a.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_good_file_becomes_a_struct(tmp_path: Path) -> None:
    path = write(tmp_path, 'name = "x"\n[[inner]]\nwidth_px = 3\n')
    assert read_toml(path, Outer) == Outer(name="x", inner=(Inner(width_px=3),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "x"\n[[inner]]\nwidht_px = 3\n', r"inner\[0\]: .*unknown field `widht_px`"),
        ('name = "x"\n[[inner]]\nwidth_px = "3"\n', r"inner\[0\]\.width_px: Expected `int`"),
        ("", "top level: .*missing required field `name`"),
        ("name = ", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TomlError, match=said):
        read_toml(write(tmp_path, text), Outer)


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TomlError, match="no such file"):
        read_toml(tmp_path / "none.toml", Outer)
    with pytest.raises(TomlError, match="cannot be read"):
        read_toml(tmp_path, Outer)
    (tmp_path / "latin.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(TomlError, match="cannot be read"):
        read_toml(tmp_path / "latin.toml", Outer)

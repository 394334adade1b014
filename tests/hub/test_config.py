"""hub.toml: what is wrong is named by its path, and what is right comes back absolute."""

from pathlib import Path

import pytest

from hub.config import load_config
from hub.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    path = folder / "hub.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_empty_file_is_a_whole_configuration(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, ""))
    assert config.database == f"sqlite:///{tmp_path / 'hub.db'}"
    assert config.broker.certificate == str(tmp_path / "hub.pem")
    assert config.timezone == "Asia/Pontianak"


@pytest.mark.parametrize("url", ["sqlite:////srv/hub.db", "postgresql://hub@127.0.0.1/hub"])
def test_an_absolute_database_address_stays_as_it_is(tmp_path: Path, url: str) -> None:
    assert load_config(write(tmp_path, f'database = "{url}"')).database == url


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[web]\nport = 70000", r"web\.port: Expected `int` <= 65535"),
        ("[web]\nprot = 1", "web: .*unknown field `prot`"),
        ("databse = 1", "top level: .*unknown field `databse`"),
        ("[", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_config(write(tmp_path, text))


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="point --config at it"):
        load_config(tmp_path / "hub.toml")


def test_with_tls_files_the_screens_are_behind_tls_and_one_alone_is_refused(tmp_path: Path) -> None:
    web = load_config(write(tmp_path, '[web.tls]\ncertificate = "web.pem"\nkey = "web.key"')).web
    assert web.is_behind_tls
    assert (web.tls.certificate, web.tls.key) == (str(tmp_path / "web.pem"), str(tmp_path / "web.key"))
    with pytest.raises(ConfigError, match=r"web\.tls needs both"):
        load_config(write(tmp_path, '[web.tls]\nkey = "web.key"'))


@pytest.mark.parametrize("address", ["ftp://10.0.0.1/x", "http://a b/", "http://a/;script-src *", "whep"])
def test_a_media_server_has_an_address_that_fits_a_policy(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match=r"media\.whep"):
        load_config(write(tmp_path, f'[media]\nwhep = "{address}"'))


def test_several_workers_need_postgresql(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    path.write_text("[ingest]\nworkers = 3\n")
    with pytest.raises(ConfigError, match=r"ingest\.workers above 1 needs PostgreSQL, SQLite has one writer"):
        load_config(path)
    path.write_text('database = "postgresql://u@h/d"\n[ingest]\nworkers = 3\n')
    assert load_config(path).ingest.workers == 3

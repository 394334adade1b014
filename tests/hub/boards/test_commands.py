"""``pontive-hub boards``: a screen gets its address, is listed and revoked."""

import json
from pathlib import Path

from click.testing import CliRunner

from hub.app import create_app
from hub.cli import main
from hub.db import Database
from hub.migrations.schema import upgrade
from tests.hub.screens import make_config


def run(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["boards", *arguments, "--config", str(folder / "hub.toml")])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_screen_is_made_listed_and_revoked(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("")
    config = make_config(tmp_path)
    database = Database(config.database)
    upgrade(database)
    stranger = create_app(config, database=database).test_client()
    made = ("screen", "harga-pasar", "--name", "LED Flamboyan", "--scope", "pasar:flamboyan")
    path = run(tmp_path, *made).strip()
    assert stranger.get(path).status_code == 200
    assert "LED Flamboyan: harga-pasar pasar:flamboyan, last asked" in run(tmp_path, "screens")
    run(tmp_path, "revoke", "1")
    assert json.loads(run(tmp_path, "screens", "--json"))[0]["is_revoked"] is True
    assert stranger.get(path).status_code == 404
    assert "revoked" in run(tmp_path, "screens")
    database.close()

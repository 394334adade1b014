"""Which channels there are follows from the settings; secrets come from files or the environment."""

from pathlib import Path

import pytest

from hub.config import load_config
from hub.errors import ConfigError
from hub.notify.service import Channel
from hub.notify.settings import EmailSettings, NotifySettings, TelegramSettings, read_secret
from hub.notify.wiring import channels_of


def test_without_settings_only_webhooks_can_be_called() -> None:
    assert set(channels_of(NotifySettings())) == {Channel.WEBHOOK}


def test_a_server_and_a_token_open_their_channels(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("12345:abc\n")
    settings = NotifySettings(
        email=EmailSettings(host="mail.pontianak.go.id"),
        telegram=TelegramSettings(token_file=str(tmp_path / "token")),
    )
    assert set(channels_of(settings)) == set(Channel)


def test_a_secret_is_read_from_its_file_else_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "sandi"
    file.write_text("dari berkas\n")
    environment = {"X": "dari lingkungan"}
    assert read_secret(str(file), "X", environment) == "dari berkas"
    assert read_secret("", "X", environment) == "dari lingkungan"
    assert read_secret("", "Y", environment) == ""
    with pytest.raises(ConfigError, match=r"\[notify\]"):
        read_secret(str(tmp_path / "tidak-ada"), "X", environment)


def test_files_of_secrets_are_named_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(
        '[notify]\naddress = "https://pontive.pontianak.go.id"\n'
        '[notify.email]\nhost = "mail.pontianak.go.id"\npassword_file = "smtp.secret"\n'
        '[alarms]\ntemperature_c = 75\n[[alarms.sensors]]\nquantity = "water_level_m"\nhigh = 2.0\n'
    )
    config = load_config(file)
    assert config.notify.email.password_file == str(tmp_path / "smtp.secret")
    assert config.notify.telegram.token_file == ""
    assert (config.alarms.temperature_c, config.alarms.sensors[0].high) == (75, 2.0)

"""What the operator sets of messages: servers and limits. Secrets come from files or the environment."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from edge.wire.strict_toml import Section
from hub.errors import ConfigError

SMTP_PASSWORD = "PONTIVE_SMTP_PASSWORD"  # noqa: S105 (names of variables)
TELEGRAM_TOKEN = "PONTIVE_TELEGRAM_TOKEN"  # noqa: S105 (likewise)
WEBHOOK_SECRET = "PONTIVE_WEBHOOK_SECRET"  # noqa: S105 (likewise)


class EmailSettings(Section, frozen=True):
    """The mail server; empty host: no e-mail is sent."""

    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 587
    security: Literal["starttls", "ssl", "insecure"] = "starttls"
    sender: str = ""
    user: str = ""
    password_file: str = ""


class TelegramSettings(Section, frozen=True):
    """The bot; ``api`` is another address for a Bot API server of one's own."""

    token_file: str = ""
    api: Annotated[str, msgspec.Meta(pattern=r"\Ahttps?://[A-Za-z0-9.:-]{1,120}\Z")] = (
        "https://api.telegram.org"
    )


class WebhookSettings(Section, frozen=True):
    """Calls to other programs. Private and loopback addresses are refused but for ``allowed`` ones.

    ``allowed`` holds hosts or networks, as ``10.20.0.0/16``; the secret signs the body.
    """

    allowed: tuple[str, ...] = ()
    secret_file: str = ""


class NotifySettings(Section, frozen=True):
    """Everything about messages. ``address`` is how people reach this hub, for links in messages."""

    address: Annotated[str, msgspec.Meta(pattern=r"\A(https?://[A-Za-z0-9.:-]{1,120})?\Z")] = ""
    email: EmailSettings = EmailSettings()
    telegram: TelegramSettings = TelegramSettings()
    webhook: WebhookSettings = WebhookSettings()
    most_tries: Annotated[int, msgspec.Meta(ge=1, le=50)] = 8


def with_absolute_secrets(settings: NotifySettings, absolute: Callable[[str], str]) -> NotifySettings:
    """Return the settings with whole paths; ``absolute`` makes one of a path from the file."""

    def whole(name: str) -> str:
        return absolute(name) if name else ""

    replace = msgspec.structs.replace
    return replace(
        settings,
        email=replace(settings.email, password_file=whole(settings.email.password_file)),
        telegram=replace(settings.telegram, token_file=whole(settings.telegram.token_file)),
        webhook=replace(settings.webhook, secret_file=whole(settings.webhook.secret_file)),
    )


def read_secret(file: str, variable: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return a secret from its file, else from the environment, else empty.

    Raises:
        ConfigError: the file is named and cannot be read.
    """
    if not file:
        return environment.get(variable, "").strip()
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise ConfigError(
            f"rahasia {file} tidak dapat dibaca: {error}; perbaiki [notify] di hub.toml"
        ) from error

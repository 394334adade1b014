"""Builds the channels that are set up, and the sender over them."""

from collections.abc import Callable
from datetime import datetime

from hub.db import Database
from hub.notify.channels.by_apprise import EmailChannel, TelegramChannel
from hub.notify.channels.port import MessageChannel
from hub.notify.channels.webhook import WebhookChannel
from hub.notify.sender import Sender
from hub.notify.service import Channel
from hub.notify.settings import (
    SMTP_PASSWORD,
    TELEGRAM_TOKEN,
    WEBHOOK_SECRET,
    NotifySettings,
    read_secret,
)


def channels_of(settings: NotifySettings) -> dict[Channel, MessageChannel]:
    """Return the channels that can be used; webhooks need nothing.

    Raises:
        ConfigError: a secret's file cannot be read.
    """
    webhook_secret = read_secret(settings.webhook.secret_file, WEBHOOK_SECRET)
    channels: dict[Channel, MessageChannel] = {
        Channel.WEBHOOK: WebhookChannel(settings.webhook, webhook_secret)
    }
    if settings.email.host:
        password = read_secret(settings.email.password_file, SMTP_PASSWORD)
        channels[Channel.EMAIL] = EmailChannel(settings.email, password)
    token = read_secret(settings.telegram.token_file, TELEGRAM_TOKEN)
    if token:
        channels[Channel.TELEGRAM] = TelegramChannel(settings.telegram, token)
    return channels


def sender_of(settings: NotifySettings, database: Database, now: Callable[[], datetime]) -> Sender:
    """Return the sender of the outbox.

    Raises:
        ConfigError: a secret's file cannot be read.
    """
    return Sender(
        database=database,
        channels=channels_of(settings),
        address=settings.address,
        most_tries=settings.most_tries,
        now=now,
    )

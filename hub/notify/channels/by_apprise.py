"""E-mail and Telegram by apprise. The only file that imports it.

apprise says only whether a message was taken; why not stands in its log, which is read back here.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hub.notify.channels.port import Message, SendError
from hub.notify.settings import EmailSettings, TelegramSettings

_LOG_NAME = "apprise"


class EmailChannel:
    """A mail server."""

    def __init__(self, settings: EmailSettings, password: str) -> None:
        """Prepare; nothing is connected before the first message."""
        self._settings = settings
        self._password = password

    def send(self, message: Message) -> None:
        """See :class:`MessageChannel`."""
        from apprise.plugins.email import NotifyEmail

        settings = self._settings
        login = {"user": settings.user, "password": self._password} if settings.user else {}
        _send(
            NotifyEmail,
            message,
            secret=self._password,
            smtp_host=settings.host,
            host=settings.host,
            port=settings.port,
            secure_mode=settings.security,
            secure=settings.security != "insecure",
            from_addr=settings.sender,
            targets=[message.address],
            format="text",
            **login,
        )


class TelegramChannel:
    """A bot of Telegram."""

    def __init__(self, settings: TelegramSettings, token: str) -> None:
        """Prepare; nothing is connected before the first message."""
        self._settings = settings
        self._token = token

    def send(self, message: Message) -> None:
        """See :class:`MessageChannel`."""
        from apprise.plugins.telegram import NotifyTelegram

        _send(
            NotifyTelegram,
            message,
            secret=self._token,
            api=f"{self._settings.api}/bot",
            bot_token=self._token,
            targets=[message.address],
            # Without it the first stranger who wrote to the bot would be taken for its owner.
            detect_owner=False,
            format="text",
        )


def _send(plugin: Any, message: Message, *, secret: str, api: str = "", **options: Any) -> None:
    from apprise import AppriseAsset

    asset = AppriseAsset(storage_mode="memory", http_redirects=False, app_id="Pontive", async_mode=False)
    with _log_of_apprise() as log:
        try:
            target = plugin(asset=asset, **options)
            if api:
                target.notify_url = api
            is_taken = target.notify(body=message.whole_text, title=message.subject)
        except Exception as error:  # apprise raises what its plugins raise, whatever it is
            raise SendError(_clean(f"{type(error).__name__}: {error}", secret)) from error
    if not is_taken:
        raise SendError(_clean(log.getvalue(), secret) or "tidak diterima, tanpa alasan")


@contextmanager
def _log_of_apprise() -> Iterator[io.StringIO]:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setLevel(logging.WARNING)
    logger = logging.getLogger(_LOG_NAME)
    before = logger.propagate
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield text
    finally:
        logger.removeHandler(handler)
        logger.propagate = before


def _clean(reason: str, secret: str) -> str:
    text = " ".join(reason.split())
    return (text.replace(secret, "***") if secret else text)[:300]

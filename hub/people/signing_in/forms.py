"""The forms of signing in; messages are Indonesian texts that the catalogue translates."""

from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from hub.people.signing_in.breached import SHIPPED
from hub.people.signing_in.passwords import MAX_LENGTH, MIN_LENGTH, weakness_of
from hub.web.parts import parts

_WEAKNESS_TEXTS = {
    "short": _l("Kata sandi terlalu pendek: pakai sedikitnya %(count)s karakter.", count=MIN_LENGTH),
    "long": _l("Kata sandi terlalu panjang: paling banyak %(count)s karakter.", count=MAX_LENGTH),
    "name": _l("Kata sandi memuat nama akun; pilih yang lain."),
    "breached": _l("Kata sandi ini ada dalam daftar kata sandi yang pernah dicuri; pilih yang lain."),
    "common": _l("Kata sandi ini mudah ditebak; gabungkan beberapa kata yang tidak berhubungan."),
}
_REQUIRED = _l("Wajib diisi.")


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type hints
    """Name and password."""

    name = StringField(_l("Nama akun"), validators=[DataRequired(_REQUIRED), Length(max=80)])
    password = PasswordField(_l("Kata sandi"), validators=[DataRequired(_REQUIRED), Length(max=512)])
    lanjut = HiddenField()


class PasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type hints
    """The old password and a new one, twice."""

    current = PasswordField(_l("Kata sandi sekarang"), validators=[DataRequired(_REQUIRED), Length(max=512)])
    password = PasswordField(_l("Kata sandi baru"), validators=[DataRequired(_REQUIRED)])
    again = PasswordField(
        _l("Kata sandi baru, sekali lagi"),
        validators=[DataRequired(_REQUIRED), EqualTo("password", _l("Kedua kata sandi baru tidak sama."))],
    )

    def __init__(self, account_name: str, **kwargs: Any) -> None:
        """Take the account's name, which the password must not contain."""
        super().__init__(**kwargs)
        self._account_name = account_name

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is short, common or the account's name."""
        weakness = weakness_text(field.data or "", self._account_name)
        if weakness is not None:
            raise ValidationError(weakness)


def weakness_text(password: str, account_name: str) -> str | None:
    """Return why a new password is refused, as a sentence, or ``None``."""
    weakness = weakness_of(password, account_name, breached=_breached_files())
    return None if weakness is None else str(_WEAKNESS_TEXTS[weakness])


def _breached_files() -> tuple[Path, ...]:
    own = parts().config.sign_in.breached
    return (SHIPPED, Path(own)) if own else (SHIPPED,)

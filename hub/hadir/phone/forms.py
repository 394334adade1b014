"""The forms of enrolling, and what is said when a code is not good."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from hub.people.enrolment.codes import LIFETIME, Refusal
from hub.people.signing_in.forms import weakness_text

_REQUIRED = _l("Wajib diisi.")


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type hints
    """The one-time code."""

    code = StringField(_l("Kode sekali pakai"), validators=[DataRequired(_REQUIRED), Length(max=40)])


class AccountForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type hints
    """A name to sign in with, and a password, twice."""

    name = StringField(_l("Nama akun"), validators=[DataRequired(_REQUIRED), Length(max=40)])
    password = PasswordField(_l("Kata sandi baru"), validators=[DataRequired(_REQUIRED)])
    again = PasswordField(
        _l("Kata sandi baru, sekali lagi"),
        validators=[DataRequired(_REQUIRED), EqualTo("password", _l("Kedua kata sandi baru tidak sama."))],
    )

    def __init__(self, **kwargs: Any) -> None:
        """Take the suggested name as ``name``; what was typed counts more."""
        super().__init__(**kwargs)
        if self.name.data:
            self.name.data = self.name.data.strip().casefold()

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is short, common or the account's name."""
        weakness = weakness_text(field.data or "", self.name.data or "")
        if weakness is not None:
            raise ValidationError(weakness)


def refusal_text(refusal: Refusal) -> str:
    """Return what is wrong with a code and what to do."""
    texts = {
        Refusal.UNKNOWN: _(
            "Kode tidak dikenal. Periksa huruf demi huruf; kode tidak memuat I, L, O, U, angka 0 dan 1."
        ),
        Refusal.USED: _("Kode ini sudah dipakai. Minta kode baru kepada admin OPD."),
        Refusal.EXPIRED: _(
            "Kode ini sudah kedaluwarsa (berlaku %(hours)s jam) atau sudah diganti. "
            "Minta kode baru kepada admin OPD.",
            hours=int(LIFETIME.total_seconds() // 3600),
        ),
        Refusal.BLOCKED: _(
            "Kode ini dikunci karena terlalu sering salah ketik. Minta kode baru kepada admin OPD."
        ),
    }
    return str(texts[refusal])

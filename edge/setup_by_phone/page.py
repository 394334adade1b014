"""The page as the phone shows it: Indonesian, 360 px, without a script, in a captive portal's window.

Pure. Shows no secret: passwords and codes are typed anew after each try.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from edge.setup_by_phone.desk import Shown
from edge.setup_by_phone.wishes import BY_CABLE, BY_FIXED, BY_WIFI

STYLE = Path(__file__).with_name("page_files") / "style.css"
TRY_AGAIN_S = 4
_STRONG_DBM, _FAIR_DBM = -60, -72


def page(
    shown: Shown,
    *,
    name: str,
    token: str,
    hub: str = "",
    has_claim: bool = False,
    note: str = "",
    mistake: str = "",
    typed: Mapping[str, str] | None = None,
) -> str:
    """Return the page's HTML.

    Args:
        shown: What there is to show.
        name: Of the access point.
        token: Without which no form of another page counts.
        hub: Address on the card; empty when it has none.
        has_claim: Whether the card has a code.
        note: On the clock; may be empty.
        mistake: What was wrong with what was typed; may be empty.
        typed: What was typed; secrets in it are left out.
    """
    if shown.is_done:
        return _frame(name, _done(shown.text))
    if shown.is_trying:
        return _frame(name, _TRYING.format(name=escape(name)), refresh_s=TRY_AGAIN_S)
    typed = typed or {}
    text = mistake or shown.text
    trouble = f'<p class="trouble" role="alert">{escape(text)}</p>' if text else ""
    hint = f'<p class="note">{escape(note)}</p>' if note else ""
    form = _form(shown, typed=typed, token=token, hub=hub, has_claim=has_claim)
    return _frame(name, f"{trouble}{hint}{form}")


def _frame(name: str, body: str, *, refresh_s: int | None = None) -> str:
    refresh = "" if refresh_s is None else f'<meta http-equiv="refresh" content="{refresh_s};url=/">'
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{refresh}<title>Pasang perangkat</title>"
        '<link rel="stylesheet" href="/style.css"></head><body><main>'
        f"<h1>Pasang perangkat</h1><p class=note>{escape(name)}</p>{body}</main></body></html>"
    )


_TRYING = (
    '<div role="status"><h2>Sedang dicoba</h2><p>Paling lama dua menit.</p>'
    "<p>Lewat Wi-Fi, <b>{name}</b> hilang selama itu. Bila ia kembali, ada yang salah: "
    "sambungkan lagi ponsel ke {name} dan baca sebabnya di sini. Bila tidak kembali dan lampu hijau "
    "berkedip satu pendek, perangkat sudah terpasang.</p></div>"
)


def _done(text: str) -> str:
    return (
        f'<div role="status"><h2>Berhasil</h2><p>{escape(text)}</p><p>Wi-Fi ini segera ditutup. Lanjutkan di '
        "halaman Pemasangan hub: periksa, lalu serah terimakan.</p></div>"
    )


def _form(shown: Shown, *, typed: Mapping[str, str], token: str, hub: str, has_claim: bool) -> str:
    way = typed.get("cara") or BY_WIFI
    return (
        '<form method="post" action="/" autocomplete="off">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f"<fieldset><legend>Jaringan</legend>{_radio(BY_WIFI, 'Wi-Fi', way)}"
        f'<div class="part">{_networks(shown, typed)}'
        f"{_field('nama_lain', 'Nama lain (tidak ada di daftar)', typed)}"
        f"{_secret('sandi', 'Sandi Wi-Fi')}</div>"
        f"{_radio(BY_CABLE, 'Kabel, alamat otomatis', way)}{_radio(BY_FIXED, 'Kabel, alamat tetap', way)}"
        f'<div class="part">{_field("alamat", "Alamat, mis. 192.168.1.20/24", typed)}'
        f"{_field('gerbang', 'Gerbang, mis. 192.168.1.1', typed)}"
        f"{_field('dns', 'DNS (kosong: gerbang)', typed)}</div></fieldset>"
        f"<fieldset><legend>Hub</legend>{_claim(typed, hub=hub, has_claim=has_claim)}</fieldset>"
        "<button>Coba sambungkan</button></form>"
        '<p class="note"><a href="/">Muat ulang</a></p>'
    )


def _claim(typed: Mapping[str, str], *, hub: str, has_claim: bool) -> str:
    address = _field("hub", "Alamat hub, mis. https://hub.contoh.go.id", {"hub": typed.get("hub") or hub})
    code = _secret("kode", "Kode klaim (36 huruf dan angka di label)", kind="text")
    if not has_claim:
        return address + code
    return (
        "<p>Kode klaim ada di kartu.</p><details><summary>Pakai kode atau hub lain</summary>"
        f"{address}{code}</details>"
    )


def _networks(shown: Shown, typed: Mapping[str, str]) -> str:
    options = "".join(
        f'<option value="{escape(each.name)}"{" selected" if each.name == typed.get("nama") else ""}>'
        f"{escape(each.name)} ({_strength(each.signal_dbm)})</option>"
        for each in shown.networks
    )
    empty = "Pilih" if shown.networks else "Tidak ada yang terdengar"
    return (
        f'<label for="nama">Nama Wi-Fi</label><select id="nama" name="nama">'
        f'<option value="">{empty}</option>{options}</select>'
    )


def _strength(signal_dbm: int) -> str:
    if signal_dbm >= _STRONG_DBM:
        return "kuat"
    return "cukup" if signal_dbm >= _FAIR_DBM else "lemah"


def _radio(value: str, label: str, way: str) -> str:
    checked = " checked" if value == way else ""
    return (
        f'<p class="way"><input type="radio" id="cara-{value}" name="cara" value="{value}"{checked}>'
        f'<label for="cara-{value}">{label}</label></p>'
    )


def _field(name: str, label: str, typed: Mapping[str, str]) -> str:
    return (
        f'<label for="{name}">{label}</label><input id="{name}" name="{name}" maxlength="300" '
        f'autocapitalize="none" spellcheck="false" value="{escape(typed.get(name, ""))}">'
    )


def _secret(name: str, label: str, *, kind: str = "password") -> str:
    return (
        f'<label for="{name}">{label}</label><input type="{kind}" id="{name}" name="{name}" maxlength="100" '
        'autocapitalize="none" spellcheck="false" autocomplete="off">'
    )

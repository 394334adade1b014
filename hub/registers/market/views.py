"""The market of citizens, for everybody and without scripts; and passing a question on to a seller."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.attachments.kept import JPEG
from hub.cases.attachments.serving import serve
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.registers.kind.reading import kind_of
from hub.registers.kind.wording import words_of
from hub.registers.market.service import ask, offer, offers, pass_on, read_question
from hub.registers.screens import access
from hub.web.guarding.guard import needs, signed_in
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("market", __name__)

_SENT_PER_ADDRESS = "10 per 10 minutes"


@blueprint.get("/pasar-warga")
@needs(Permission.PUBLIC)
def shelf() -> str:
    """Show what is offered."""
    words, group = request.args.get("cari", "").strip()[:80], request.args.get("kelompok", "")[:40]
    return render_template(
        "registers/market/shelf.html",
        offers=offers(db(), access.today(), words=words, group=group),
        groups=kind_of("produk").field("kelompok").choices,
        asked=words,
        group=group,
        **_words(),
    )


@blueprint.get("/pasar-warga/<int:number>")
@needs(Permission.PUBLIC)
def product(number: int) -> str:
    """Show one product and the form for a question."""
    return _page(number, {}, {})


@blueprint.get("/pasar-warga/<int:number>/gambar")
@needs(Permission.PUBLIC)
def picture(number: int) -> Response:
    """Give the picture of a product that is shown."""
    found = offer(db(), number, access.today()).product
    if "gambar" not in found.values:
        abort(404)
    folder = access.pictures_folder()
    return serve(folder, str(found.values["gambar"]), JPEG, name=f"produk-{number}", is_public=True)


@blueprint.post("/pasar-warga/<int:number>/tanya")
@limiter.limit(_SENT_PER_ADDRESS)
@needs(Permission.PUBLIC)
def question(number: int) -> AnyResponse | tuple[str, int]:
    """Keep a question for the seller."""
    found = offer(db(), number, access.today())
    typed = {name: request.form.get(name, "") for name in ("nama", "kontak", "pertanyaan")}
    asked, faults = read_question(typed["nama"], typed["kontak"], typed["pertanyaan"])
    if faults:
        roll_back()
        return _page(number, typed, faults), 422
    try:
        kept = ask(db(), found, asked, parts().now())
    except InputError as error:
        roll_back()
        return _page(number, typed, {"pertanyaan": str(error)}), 422
    if kept.passed_on_at is None:
        flash(_("Terkirim. Petugas meneruskannya kepada penjual, yang menghubungi Anda."))
    else:
        flash(_("Terkirim kepada penjual, yang menghubungi Anda."))
    return redirect(url_for("market.product", number=number), code=303)


@blueprint.post("/register/produk/<int:number>/tanya/<int:step>/teruskan")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def passed_on(number: int, step: int) -> AnyResponse:
    """Note that the seller was told of a question."""
    access.edited_row(kind_of("produk"), number)
    pass_on(db(), number, step, actor=signed_in().name, now=parts().now())
    return redirect(url_for("register_row.show", kind="produk", number=number), code=303)


def _page(number: int, typed: dict[str, str], faults: dict[str, str]) -> str:
    found = offer(db(), number, access.today())
    return render_template(
        "registers/market/product.html", offer=found, typed=typed, faults=faults, **_words()
    )


def _words() -> dict[str, object]:
    product, seller = kind_of("produk"), kind_of("penjual")
    return {
        "said": lambda row, name: words_of(product.field(name), row.values.get(name)),
        "of_seller": lambda row, name: words_of(seller.field(name), row.values.get(name)),
    }

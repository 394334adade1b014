"""Where the city's search looks: services by old names too, prices, places, events, complaints, pages."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from hub.cases.asking.catalogue import offered_to
from hub.cases.asking.catalogue import search as search_services
from hub.cases.asking.views import page_of_service
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import Wanted
from hub.cases.keeping.versions import all_newest
from hub.measures.prices.goods import commodities
from hub.registers.market.service import offers
from hub.registers.showing.guide import coming_events, places
from hub.web.contributions.public_pages import PublicPage
from hub.web.contributions.searching import MOST_HITS, Hit, SearchSource, Sought
from hub.web.formats import date_text
from hub.web.i18n import N_, language


def found_services(sought: Sought) -> Sequence[Hit]:
    """Find services by name, old name and description."""
    found = search_services(offered_to(all_newest(sought.db), is_employee=False), sought.words)
    return [Hit(one.label, page_of_service(one), ", ".join(one.old_names)) for one in found[:MOST_HITS]]


def found_goods(sought: Sought) -> Sequence[Hit]:
    """Find commodities whose price is kept."""
    found = [one for one in commodities().values() if _holds(one.name, sought.words)]
    return [Hit(one.name, url_for("prices.one", commodity=one.code), one.unit) for one in found[:MOST_HITS]]


def found_places(sought: Sought) -> Sequence[Hit]:
    """Find places."""
    rows = places(sought.db, sought.today, words=sought.words)[:MOST_HITS]
    there = url_for("city_guide.place_list")
    return [Hit(one.title, f"{there}#tempat-{one.id}", str(one.values.get("alamat", ""))) for one in rows]


def found_events(sought: Sought) -> Sequence[Hit]:
    """Find events that are not over."""
    found = [one for one in coming_events(sought.db, sought.today) if _holds(one.row.words, sought.words)]
    there = url_for("city_guide.agenda")
    return [
        Hit(one.row.title, f"{there}#acara-{one.row.id}", date_text(one.first, language()))
        for one in found[:MOST_HITS]
    ]


def found_offers(sought: Sought) -> Sequence[Hit]:
    """Find what citizens sell."""
    found = offers(sought.db, sought.today, words=sought.words)[:MOST_HITS]
    return [
        Hit(one.product.title, url_for("market.product", number=one.product.id), one.seller.title)
        for one in found
    ]


def found_complaints(sought: Sought) -> Sequence[Hit]:
    """Find complaints as the public may read them."""
    found = PublicBoard(sought.db).find(Wanted(text=sought.words), most=MOST_HITS)
    return [
        Hit(one.title, url_for("public_complaints.one", number=one.number), one.kelurahan) for one in found
    ]


def page_source(pages: Sequence[PublicPage]) -> SearchSource:
    """Return the source that finds pages by their names."""

    def find(sought: Sought) -> Sequence[Hit]:
        named = [(_(page.label), page.endpoint) for page in pages]
        return [Hit(label, url_for(name)) for label, name in named if _holds(label, sought.words)]

    return SearchSource(N_("Halaman"), find)


SOURCES = (
    SearchSource(N_("Layanan"), found_services),
    SearchSource(N_("Harga pangan"), found_goods),
    SearchSource(N_("Tempat"), found_places),
    SearchSource(N_("Agenda"), found_events),
    SearchSource(N_("Pasar warga"), found_offers),
    SearchSource(N_("Laporan warga"), found_complaints),
)


def _holds(text: str, words: str) -> bool:
    held = text.casefold()
    return all(word in held for word in words.casefold().split())

"""The main pages, in one list; ``base.html`` shows each viewer those that open for them.

A new page is one line in :data:`MAIN_PAGES`. What a page asks for is not repeated here: it is what
its view declared to the guard, so that nobody sees a link that leads to "no such page". Must not
know what the pages show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from flask import Flask, request, url_for

from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.web.guarding.guard import is_held_up, may_open, viewer
from hub.web.i18n import N_


class Group(StrEnum):
    """The parts of the bar, in order; the values are texts to translate."""

    WATCH = N_("Pantauan")
    CAMERAS = N_("Kamera")
    WORK = N_("Tindak lanjut")
    INVENTORY = N_("Inventaris")
    DATA = N_("Data kota")
    OFFICE = N_("Kepegawaian")


@dataclass(frozen=True, slots=True)
class MainPage:
    """One page of the bar.

    ``label`` is a text to translate; ``or_else`` is the endpoint for those whom ``endpoint`` does
    not open; pages of the endpoint's blueprint and of the blueprints in ``also`` belong to it.
    """

    group: Group
    label: str
    endpoint: str
    or_else: str = ""
    also: tuple[str, ...] = ()


_HADIR = ("corrections", "review", "city", "editing", "edit_files", "exports", "publishing", "phone_admin")
_STAFF = ("staff_card", "staff_import", "badges", "slips", "offices", "accounts", "programs")

MAIN_PAGES: tuple[MainPage, ...] = (
    MainPage(Group.WATCH, N_("Papan"), "boards.board"),
    MainPage(Group.WATCH, N_("Ringkasan"), "executive.summary"),
    MainPage(Group.WATCH, N_("Papan kota"), "planned_boards.listing", also=("composer", "screens")),
    MainPage(Group.WATCH, N_("Dinding"), "wall.wall"),
    MainPage(Group.WATCH, N_("Peta"), "maps.city"),
    MainPage(Group.WATCH, N_("Alarm"), "alarms.listing", also=("alarm_handling", "notify")),
    MainPage(Group.CAMERAS, N_("Kamera"), "camera_status.listing", also=("cctv", "clips", "commissioning")),
    MainPage(Group.CAMERAS, N_("Gangguan"), "outages.listing", also=("outage_uptime", "maintenance")),
    MainPage(Group.CAMERAS, N_("Lalu lintas"), "traffic.city", also=("traffic_files",)),
    MainPage(Group.CAMERAS, N_("Peristiwa"), "camera_events.listing"),
    MainPage(
        Group.WORK, N_("Temuan"), "finding_register.listing", also=("findings", "finding_files", "billboards")
    ),
    MainPage(
        Group.WORK,
        N_("Berkas"),
        "case_desk.inbox",
        also=(
            "case_page",
            "case_lending",
            "signing",
            "letter_archive",
            "applicant_papers",
            "complaint_files",
        ),
    ),
    MainPage(Group.WORK, N_("Lapangan"), "field.listing"),
    MainPage(Group.WORK, N_("Loket"), "counter.desk"),
    MainPage(
        Group.WORK,
        N_("Definisi layanan"),
        "definitions.listing",
        also=("definition_parts", "definition_publishing"),
    ),
    MainPage(Group.WORK, N_("Serah terima"), "shifts.log"),
    MainPage(Group.INVENTORY, N_("Perangkat"), "fleet.listing", also=("places", "device_certificate")),
    MainPage(Group.INVENTORY, N_("Pemasangan"), "fitting.listing", also=("sign_off", "card_files")),
    MainPage(Group.INVENTORY, N_("Pembaruan"), "updates.page"),
    MainPage(Group.INVENTORY, N_("Keadaan sistem"), "operating.status"),
    MainPage(Group.INVENTORY, N_("Inventaris"), "inventory.listing", also=("inventory_import",)),
    MainPage(
        Group.DATA,
        N_("Register"),
        "registers.index",
        also=("register_row", "register_edit", "register_bulk", "register_import", "applications"),
    ),
    MainPage(Group.DATA, N_("Indikator"), "indicators.whole", also=("measures", "environment")),
    MainPage(Group.DATA, N_("Harga pasar"), "price_entry.choose", also=("prices",)),
    MainPage(Group.DATA, N_("Cuaca"), "weather.entry"),
    MainPage(Group.DATA, N_("SPBE"), "spbe.listing"),
    MainPage(Group.DATA, N_("Kinerja"), "performance.city"),
    MainPage(Group.DATA, N_("Insiden data"), "breach.page"),
    MainPage(Group.OFFICE, N_("Hadir"), "hadir.board", or_else="hadir.own", also=_HADIR),
    MainPage(Group.OFFICE, N_("Pegawai"), "staff.people", or_else="accounts.accounts", also=_STAFF),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A page as it is drawn. ``current`` is for ``aria-current``: ``page``, ``true`` or nothing."""

    label: str
    address: str
    current: str


def links_for(
    who: Viewer, pages: Sequence[MainPage] = MAIN_PAGES
) -> tuple[tuple[Group, tuple[Link, ...]], ...]:
    """Return the groups with the pages that open for somebody; empty for a screen nobody sits at."""
    if who.may(Permission.BOARD_DISPLAY) or is_held_up(who):
        return ()
    open_pages = [(page, endpoint) for page in pages if (endpoint := _endpoint_for(page, who))]
    return tuple(
        (group, tuple(_link(page, endpoint) for page, endpoint in found))
        for group, found in groupby(open_pages, key=lambda one: one[0].group)
    )


def install_navigation(app: Flask) -> None:
    """Let ``base.html`` ask for the pages of whoever looks."""

    def main_pages() -> tuple[tuple[Group, tuple[Link, ...]], ...]:
        who = viewer()
        return () if who is None else links_for(who)

    def opens(endpoint: str) -> bool:
        who = viewer()
        return who is not None and may_open(who, endpoint)

    @app.context_processor
    def give() -> dict[str, Any]:
        return {"main_pages": main_pages, "may_open": opens}


def _endpoint_for(page: MainPage, who: Viewer) -> str:
    return next((name for name in _endpoints(page) if may_open(who, name)), "")


def _endpoints(page: MainPage) -> Iterator[str]:
    yield page.endpoint
    if page.or_else:
        yield page.or_else


def _link(page: MainPage, endpoint: str) -> Link:
    is_here = request.endpoint == endpoint
    is_below = request.blueprint in (endpoint.partition(".")[0], *page.also)
    return Link(page.label, url_for(endpoint), "page" if is_here else "true" if is_below else "")

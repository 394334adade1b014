"""The bar of main pages: whoever sees a link may open it, and whoever may open a page sees it."""

import re

import pytest

from hub.people.permissions import Role, ScopeKind
from hub.web.navigation import MAIN_PAGES
from tests.hub.screens import Screens

BAR = re.compile(r'<nav class="bar".*?</nav>', re.DOTALL)


def bar_of(page: str) -> str:
    found = BAR.search(page)
    return found.group() if found else ""


def links_in(bar: str) -> dict[str, str]:
    return {label: url for url, label in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', bar)}


def test_every_main_page_is_an_address_of_the_application(screens: Screens) -> None:
    endpoints = {one for page in MAIN_PAGES for one in (page.endpoint, page.or_else) if one}
    assert endpoints <= set(screens.app.view_functions)
    blueprints = {name for page in MAIN_PAGES for name in page.also}
    assert blueprints <= set(screens.app.blueprints)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", [ScopeKind.CITY, ScopeKind.KECAMATAN])
def test_every_link_that_a_role_sees_opens(city: Screens, role: Role, kind: ScopeKind) -> None:
    client = city.signed_in(role, kind=kind)
    page = client.get("/sandi").get_data(as_text=True)
    for label, url in links_in(bar_of(page)).items():
        assert client.get(url).status_code == 200, (role, kind, label)


def test_a_role_sees_no_page_that_is_not_its_own(city: Screens) -> None:
    labels = links_in(bar_of(city.signed_in(Role.TECHNICIAN).get("/sandi").get_data(as_text=True)))
    assert {"Papan", "Kamera"} <= set(labels)
    assert not {"Hadir", "Pegawai"} & set(labels)


def test_the_page_one_is_on_is_marked_and_so_is_the_one_it_belongs_to(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR)
    listing = bar_of(client.get("/cctv").get_data(as_text=True))
    assert '<a href="/cctv" aria-current="page">Kamera</a>' in listing
    camera = bar_of(client.get("/kamera/pi-jawi/utara").get_data(as_text=True))
    assert '<a href="/cctv" aria-current="true">Kamera</a>' in camera
    assert listing.count("aria-current") == camera.count("aria-current") == 1


def test_walls_and_screens_that_nobody_sits_at_have_no_bar(city: Screens) -> None:
    assert bar_of(city.signed_in(Role.OPERATOR).get("/dinding").get_data(as_text=True)) == ""
    assert bar_of(city.signed_in(Role.DISPLAY).get("/").get_data(as_text=True)) == ""


def test_who_has_one_page_needs_no_bar_and_a_stranger_sees_none(city: Screens) -> None:
    assert bar_of(city.signed_in(Role.EMPLOYEE).get("/sandi").get_data(as_text=True)) == ""
    assert bar_of(city.stranger().get("/masuk").get_data(as_text=True)) == ""

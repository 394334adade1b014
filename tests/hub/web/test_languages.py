"""Indonesian first, English by switch, and no text forgotten."""

from collections.abc import Sequence

from hub.people.permissions import Role
from hub.web import texts
from tests.hub.screens import Screens, post


def test_every_text_has_an_english_one() -> None:
    catalogue = texts.read_catalogue()
    wanted = {message.id for message in texts.extract() if message.id}
    have = {message.id for message in catalogue if message.id and message.string and not message.fuzzy}
    assert wanted - have == set(), "run: python -m hub.web.texts, then translate the .po"
    assert have - wanted == set(), "run: python -m hub.web.texts"


def test_placeholders_survive_translation() -> None:
    for message in texts.read_catalogue():
        assert list(message.check()) == [], message.id


def plain(text: str | Sequence[str]) -> tuple[str, ...]:
    """A text, or its singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_compiled_catalogue_is_the_written_one() -> None:
    from babel.messages.mofile import read_mo

    with (texts.FOLDER / "messages.mo").open("rb") as file:
        compiled = {plain(message.id): plain(message.string) for message in read_mo(file) if message.id}
    written = {plain(message.id): plain(message.string) for message in texts.read_catalogue() if message.id}
    assert compiled == written, "run: python -m hub.web.texts"


def test_pages_are_indonesian_until_english_is_asked_for(city: Screens) -> None:
    client = city.signed_in(Role.ADMIN)
    page = client.get("/").get_data(as_text=True)
    assert '<html lang="id"' in page
    assert "Hadir hari ini" in page
    answer = post(client, "/tampilan", "/sandi", language="en", lanjut="/kamera/pi-jawi/utara")
    assert answer.location == "/kamera/pi-jawi/utara"
    page = client.get("/").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "Present today" in page
    assert "Hadir hari ini" not in page


def test_colours_are_kept_and_nonsense_is_not(screens: Screens) -> None:
    client = screens.stranger()
    assert 'data-theme="dark"' in client.get("/masuk").get_data(as_text=True)
    post(client, "/tampilan", theme="light", language="xx")
    post(client, "/tampilan", theme="pink")
    page = client.get("/masuk").get_data(as_text=True)
    assert 'data-theme="light"' in page
    assert '<html lang="id"' in page


def test_the_switch_leads_to_no_other_host(screens: Screens) -> None:
    assert post(screens.stranger(), "/tampilan", theme="light", lanjut="//evil.example").location == "/"

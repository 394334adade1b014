"""Forms carry a token; reading changes nothing."""

from hub.people.permissions import Role
from tests.hub.screens import ENDLESS, Screens, addresses, csrf_of

# Doors of programs and of devices: they look at no session, so nobody can be made to use them unawares.
WITHOUT_SESSION = frozenset({"open311", "enrolment_open", "open_data_api"})


def test_no_form_is_taken_without_its_token(city: Screens) -> None:
    client = city.signed_in(Role.ADMIN)
    csrf_of(client, "/sandi")
    before = city.dump()
    exempt = city.app.extensions["csrf"]._exempt_blueprints
    assert {one.name for one in exempt} == WITHOUT_SESSION, "a new one needs a reason"
    for endpoint, path in addresses(city.app, "POST"):
        if endpoint.partition(".")[0] in WITHOUT_SESSION:
            continue
        for fields in ({}, {"csrf_token": "palsu"}):
            assert client.post(path, data=fields).status_code == 400, path
    assert city.dump() == before


def test_a_token_of_another_browser_is_refused(city: Screens) -> None:
    stolen = csrf_of(city.signed_in(Role.ADMIN), "/sandi")
    client = city.signed_in(Role.ADMIN)
    csrf_of(client, "/sandi")
    assert client.post("/keluar", data={"csrf_token": stolen}).status_code == 400


def test_reading_changes_nothing_but_notes_which_file_left_the_house(city: Screens) -> None:
    client = city.signed_in(Role.ADMIN)
    before = city.dump()
    noted = before.pop("audit_entry")
    for endpoint, path in addresses(city.app, "GET"):
        if endpoint not in ENDLESS:
            client.get(path)
            client.head(path)
    after = city.dump()
    new = [entry for entry in after.pop("audit_entry") if entry not in noted]
    assert after == before
    taken_out = ("attendance.export", "payroll.read")
    assert all(any(act in entry for act in taken_out) for entry in new), new

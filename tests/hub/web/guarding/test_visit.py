"""Who comes next at a computer carries nothing of who was there before."""

from hub.people.permissions import Role
from tests.hub.screens import Screens, post


def test_signing_out_leaves_nothing_but_how_pages_look(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR)
    with client.session_transaction() as carried:
        carried.update({"theme": "light", "berkas": [1, 2], "tanda_terima": {"1": "123456"}})
    assert post(client, "/keluar", "/sandi").status_code == 303
    with client.session_transaction() as carried:
        assert dict(carried) == {"theme": "light"}

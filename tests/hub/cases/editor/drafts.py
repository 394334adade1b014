"""Drafts that tests of the editor begin with."""

from typing import Any

import msgspec

from hub.cases.definition.service import ServiceDefinition
from hub.cases.editor.faults import Checked, check
from hub.cases.editor.sheets.offered import Around, role_offers
from hub.cases.letters.paper.templates import shipped_templates
from tests.hub.cases.shipped import ROLES, SHIPPED

Body = dict[str, Any]


def body_of(code: str) -> Body:
    """A shipped service as a draft."""
    return plain(next(each for each in SHIPPED if each.code == code))


def plain(definition: ServiceDefinition) -> Body:
    body: Body = msgspec.json.decode(msgspec.json.encode(definition))
    return body


def around(body: Body) -> Around:
    return Around(
        role_offers({role: role for role in ROLES}), templates=tuple(shipped_templates()), body=body
    )


def checked(body: Body) -> Checked:
    return check(body, around(body), shipped_templates())


def said(body: Body) -> list[tuple[str, str]]:
    """What is wrong, as place and sentence."""
    return [(fault.place, fault.text) for fault in checked(body).faults]

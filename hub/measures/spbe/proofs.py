"""Evidence of an indicator as pages list it: screens that run, links and files, and which of them died."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from hub.cases.attachments import store
from hub.measures.spbe.framework import Indicator
from hub.measures.spbe.models import Evidence, EvidenceLook
from hub.measures.spbe.service import Sheet
from hub.outside.looking import Standing


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence as the page lists it; ``is_dead``: it leads nowhere any more, and ``why``."""

    title: str
    address: str
    is_dead: bool
    why: str = ""
    number: int = 0  # of what may be withdrawn; 0: a screen of this hub, which is there by itself
    looked_at: datetime | None = None  # of a link of others: when


class Proofs:
    """All evidence of one assessment."""

    def __init__(self, sheet: Sheet, looks: Mapping[int, EvidenceLook], folder: Path) -> None:
        """Take the assessment, the last looks at its links, and where its files lie."""
        self._sheet, self._looks, self._folder = sheet, looks, folder

    def of(self, one: Indicator) -> list[Proof]:
        """Return all evidence of an indicator."""
        screens = [_page(address, address) for address in one.screens]
        return [*screens, *(self._proof(row) for row in self._sheet.evidence.get(one.number, ()))]

    def _proof(self, row: Evidence) -> Proof:
        if row.sha256:
            is_dead = store.find(self._folder, row.sha256, row.media_type) is None
            address = url_for("spbe.evidence_file", assessment=row.assessment, evidence=row.id)
            return Proof(
                row.title, address, is_dead, _("berkasnya tidak ada lagi") if is_dead else "", row.id
            )
        if row.address.startswith("/"):
            return _page(row.title, row.address, row.id)
        look = self._looks.get(row.id)
        if look is None:
            return Proof(row.title, row.address, is_dead=False, number=row.id)
        is_dead = Standing(look.standing).is_down
        return Proof(row.title, row.address, is_dead, look.detail if is_dead else "", row.id, look.at)


def _page(title: str, address: str, number: int = 0) -> Proof:
    is_dead = not _is_screen(address)
    return Proof(title, address, is_dead, _("halamannya tidak ada lagi") if is_dead else "", number)


def _is_screen(address: str) -> bool:
    try:
        current_app.url_map.bind("").match(address.partition("?")[0])
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True

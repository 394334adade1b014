"""What all pages of the editor begin with: the draft of an address, what it may name, what is wrong."""

from dataclasses import dataclass
from functools import cached_property

from flask import abort, request
from sqlalchemy import select

from hub.cases.definition.service import ServiceDefinition
from hub.cases.editor.changes import Change, changes_between
from hub.cases.editor.faults import Checked, Fault, check, named_opds
from hub.cases.editor.models import DefinitionDraft, DraftState
from hub.cases.editor.service import Hand, body_of, draft_of
from hub.cases.editor.sheets.offered import Around, role_offers
from hub.cases.editor.sheets.parts import Address, Body
from hub.cases.keeping.versions import newest
from hub.cases.letters.paper.templates import shipped_templates
from hub.people.models import Opd
from hub.people.role_words import role_words
from hub.web.guarding.guard import signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number


@dataclass(frozen=True)
class Draft:
    """One draft as pages show it."""

    row: DefinitionDraft
    body: Body
    around: Around

    @cached_property
    def checked(self) -> Checked:
        """What the checker says of it."""
        return check(self.body, self.around, shipped_templates())

    @cached_property
    def latest(self) -> ServiceDefinition | None:
        """The version that new cases begin with now."""
        return newest(db(), self.row.code)

    @property
    def changes(self) -> list[Change]:
        """What it changes, in words; nothing as long as it has faults."""
        new = self.checked.definition
        return [] if new is None else changes_between(self.latest, new, self.around)

    @property
    def is_live(self) -> bool:
        """Whether it can still be changed."""
        return self.row.state in (DraftState.OPEN, DraftState.OFFERED)

    def faults_at(self, address: Address) -> tuple[Fault, ...]:
        """Return the faults of one part."""
        return tuple(fault for fault in self.checked.faults if fault.address == address)


def open_draft(number: int) -> Draft:
    """Return a draft, or answer 404."""
    row = draft_of(db(), number)
    if row is None:
        abort(404)
    body = body_of(row)
    return Draft(row, body, around_of(body))


def around_of(body: Body) -> Around:
    """Return what a draft may name; OPDs that the version in force names are no fault of the draft."""
    words = {role.value: text for role, text in role_words().items()}
    latest = newest(db(), str(body.get("code", "")))
    named = set() if latest is None else named_opds(latest)
    opds = sorted({*db().scalars(select(Opd.name)), *named})
    return Around(role_offers(words), tuple(opds), tuple(sorted(shipped_templates())), body)


def hand() -> Hand:
    """Return whose hand it is, with the revision of the page that was answered."""
    who = signed_in()
    seen = request.form.get("revisi", default=-1, type=whole_number)
    return Hand(who.name, who.account_id, seen, parts().now())

"""What an action asks an officer for: its form, the OPD, the person. Reads forms, writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.attachments.attaching import attached_files
from hub.cases.attachments.claims import Claims
from hub.cases.definition.form import Field, Requirement
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Action, Effect
from hub.cases.desk.page import CasePage
from hub.cases.forms.filled import Filled
from hub.cases.forms.page import FormPage, page_of
from hub.cases.keeping.engine import FileSource, Handed
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.records import answers_of
from hub.cases.keeping.steps.assigning import assignable, suggested_opd
from hub.cases.machine.rules import asked_by
from hub.people.models import Account, Opd
from hub.web.typed.whole_numbers import is_whole_number

# As many as there are people who may be chosen from a list; more are found by their own inbox.
_MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class ActionForm:
    """An action and what its form has."""

    action: Action
    fields: tuple[Field, ...]
    requirements: tuple[Requirement, ...]

    @classmethod
    def of(cls, definition: ServiceDefinition, action: Action) -> "ActionForm":
        """Return the form of an action."""
        again = definition.first_files if action.is_form_again else ()
        needed = tuple(each for each in definition.requirements if each.id in action.needs_files)
        return cls(action, asked_by(definition, action), (*again, *needed))

    @property
    def asks_opd(self) -> bool:
        """Whether an OPD is chosen."""
        return Effect.ASSIGN_OPD in self.action.effects

    @property
    def asks_person(self) -> bool:
        """Whether a person may be chosen."""
        return Effect.ASSIGN_PERSON in self.action.effects

    def drawn(self, case: CaseRecord, filled: Filled, claims: Claims) -> FormPage:
        """Return the form as a template draws it."""
        return page_of(self.fields, self.requirements, filled, claims=claims, known=answers_of(case))


def handed_of(form: Mapping[str, str], filled: Filled, *, is_signed: bool) -> Handed:
    """Return what came besides answers and note."""
    return Handed(
        files=attached_files(filled.files, FileSource.OFFICER),
        to_opd=_chosen(form, "opd"),
        to_account=_chosen(form, "petugas"),
        is_signed=is_signed,
        is_note_public=True if form.get("umum") == "ya" else None,
    )


def opds_offered(db: Session, page: CasePage, form: ActionForm) -> tuple[tuple[int, str, bool], ...]:
    """Return the OPDs to choose from: number, name, and whether the form or the case suggests it."""
    if not form.asks_opd:
        return ()
    suggested = page.case.opd or suggested_opd(db, page.definition, answers_of(page.case))
    rows = db.scalars(select(Opd).order_by(Opd.name))
    return tuple((opd.number, opd.name, opd.number == suggested) for opd in rows)


def people_offered(
    db: Session, page: CasePage, form: ActionForm, now: datetime
) -> tuple[tuple[int, str], ...]:
    """Return who can be given the case; with another OPD still to choose, those of the present one."""
    if not form.asks_person:
        return ()
    target = page.definition.stage(form.action.to)
    wanted = assignable(db, page.case, target, page.case.opd, now=now)
    query = select(Account.id, Account.display_name).where(
        Account.id.in_(wanted), Account.is_disabled.is_(False)
    )
    rows = db.execute(query.order_by(Account.display_name).limit(_MOST_PEOPLE))
    return tuple((number, name) for number, name in rows)


def _chosen(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "")
    return int(text) if is_whole_number(text) else None

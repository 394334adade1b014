"""What the pages of citizens are built from; put together in ``hub/app.py``, reached from views."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.orm import Session

from hub.cases.asking.applying import Registry
from hub.cases.attachments.store import folder_of
from hub.cases.citizens.nik import NikBox
from hub.cases.citizens.population import LocalPopulation, Population
from hub.cases.keeping.models import CaseRecord
from hub.web.parts import parts

_NAME = "pontive-citizens"


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document that came out of a case: what it is called, where it is fetched, how it stands."""

    label: str
    address: str
    standing: str = ""


# What came out of a case, for its applicant; letters give theirs.
DocumentSource = Callable[[Session, CaseRecord, datetime], Sequence[DocumentLink]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenPages:
    """The collaborators of these pages.

    Attributes:
        box: Seals NIKs.
        population: The register, as a session sees it; left out: the local one.
        documents: What came out of a case.
        own_pages: Endpoints of services that have a page of their own, by code.
    """

    box: NikBox
    population: Callable[[Session], Population] | None = None
    documents: DocumentSource = lambda _db, _case, _now: ()
    own_pages: Mapping[str, str] = field(default_factory=dict)

    def registry(self, db: Session) -> Registry:
        """Return what an application needs."""
        population = self.population(db) if self.population else LocalPopulation(db, self.box)
        return Registry(box=self.box, population=population)


def install_citizen_pages(app: Flask, pages: CitizenPages) -> None:
    """Let the views find their collaborators."""
    app.extensions[_NAME] = pages


def citizen_pages() -> CitizenPages:
    """Return the collaborators of the application that answers this request."""
    found: CitizenPages = current_app.extensions[_NAME]
    return found


def files_folder() -> Path:
    """Return where the files of cases lie."""
    return folder_of(parts().config.folder)

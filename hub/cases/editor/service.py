"""Drafts made, changed, offered and published. Takes a session, never commits.

Who publishes is somebody else than who changed the draft last, as long as there is somebody else
who may; with a reason, and in the audit chain either way.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.cases.definition.reading import digest
from hub.cases.definition.service import ServiceDefinition
from hub.cases.editor.faults import Checked
from hub.cases.editor.models import DefinitionDraft, DraftState
from hub.cases.editor.sheets.parts import Body
from hub.cases.keeping.models import CaseRecord, DefinitionVersion
from hub.cases.keeping.versions import keep_version, newest
from hub.errors import InputError
from hub.people import audit
from hub.people.models import Account, RoleGrant
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind

MOST_BODY_LETTERS = 200_000
_MOST_REASON = 400
_LIVE = (DraftState.OPEN, DraftState.OFFERED)


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand is on a draft: name and number of the account, the revision that they saw, when."""

    name: str
    account: int
    seen: int
    now: datetime


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version and its cases."""

    row: DefinitionVersion
    cases: int
    open_cases: int


def versions_of(db: Session, code: str) -> list[VersionLine]:
    """Return the published versions of a service, newest first, with how many cases each has."""
    counted = {
        version: (cases, cases - closed)
        for version, cases, closed in db.execute(
            select(CaseRecord.version, func.count(), func.count(CaseRecord.closed_at))
            .where(CaseRecord.service == code)
            .group_by(CaseRecord.version)
        )
    }
    rows = db.scalars(
        select(DefinitionVersion)
        .where(DefinitionVersion.code == code, DefinitionVersion.published_at.is_not(None))
        .order_by(DefinitionVersion.version.desc())
    )
    return [VersionLine(row, *counted.get(row.version, (0, 0))) for row in rows]


def case_counts(db: Session) -> dict[str, tuple[int, int]]:
    """Return how many cases each service has, and how many of them are open."""
    query = select(CaseRecord.service, func.count(), func.count(CaseRecord.closed_at)).group_by(
        CaseRecord.service
    )
    return {service: (cases, cases - closed) for service, cases, closed in db.execute(query)}


def live_drafts(db: Session) -> list[DefinitionDraft]:
    """Return the drafts that somebody works on, the newest first."""
    query = select(DefinitionDraft).where(DefinitionDraft.state.in_(_LIVE))
    return list(db.scalars(query.order_by(DefinitionDraft.changed_at.desc(), DefinitionDraft.id.desc())))


def past_drafts(db: Session, code: str) -> dict[int, DefinitionDraft]:
    """Return what became versions, by the version: who asked, who published, why."""
    query = select(DefinitionDraft).where(
        DefinitionDraft.code == code, DefinitionDraft.state == DraftState.PUBLISHED
    )
    return {row.version: row for row in db.scalars(query) if row.version is not None}


def draft_of(db: Session, number: int) -> DefinitionDraft | None:
    """Return a draft."""
    return db.get(DefinitionDraft, number)


def body_of(draft: DefinitionDraft) -> Body:
    """Return what was typed so far."""
    body: Body = msgspec.json.decode(draft.body)
    return body


def begin_draft(
    db: Session, source: ServiceDefinition, *, code: str, label: str, author: str, now: datetime
) -> DefinitionDraft:
    """Begin a new version of a service, or a new service that begins as another is.

    Raises:
        InputError: the code is taken by a service or a draft, or not a code.
    """
    is_new = code != source.code
    if is_new and (newest(db, code) is not None or any(each.code == code for each in live_drafts(db))):
        raise InputError(f"Kode {code!r} sudah dipakai; pilih kode lain.")
    body: Body = msgspec.json.decode(msgspec.json.encode(source))
    if is_new:
        body |= {"code": code, "label": label, "old_names": [], "sources": []}
    body["version"] = 1 if is_new else source.version + 1
    draft = DefinitionDraft(code=code, body="", author=author, changed_at=now)
    db.add(draft)
    _keep(draft, body, author, now)
    db.flush()
    audit.append(db, at=now, actor=author, action="definition.draft", target=f"draft:{draft.id}", detail=code)
    return draft


def save_draft(db: Session, draft: DefinitionDraft, body: Body, hand: Hand) -> None:
    """Keep what was typed; what was offered is a draft again.

    Raises:
        InputError: somebody changed it meanwhile, it is no draft any more, or it grew too large.
    """
    _insist_on_live(db, draft, hand)
    _keep(draft, {**body, "code": draft.code}, hand.name, hand.now)
    draft.state, draft.offered_by, draft.reason = DraftState.OPEN, "", ""
    draft.revision += 1
    db.flush()


def offer_draft(db: Session, draft: DefinitionDraft, checked: Checked, hand: Hand, *, reason: str) -> None:
    """Ask for a draft to be published.

    Raises:
        InputError: it has faults, no reason was given, or it changed meanwhile.
    """
    _insist_on_live(db, draft, hand)
    _insist_on_whole(checked)
    if not reason.strip():
        raise InputError("Tulis alasannya: apa yang berubah dan dasar hukumnya.")
    draft.state, draft.offered_by, draft.reason = DraftState.OFFERED, hand.name, reason.strip()[:_MOST_REASON]
    draft.revision += 1
    db.flush()
    detail = f"{draft.code}: {draft.reason}"
    _note(db, hand, "definition.offer", f"draft:{draft.id}", detail)


def publish_draft(db: Session, draft: DefinitionDraft, checked: Checked, hand: Hand) -> ServiceDefinition:
    """Make the next version of a service of a draft that was offered; cases that run keep theirs.

    Raises:
        InputError: as :func:`offer_draft`; or the same person would look at their own work.
    """
    _insist_on_live(db, draft, hand)
    if draft.state != DraftState.OFFERED:
        raise InputError("Ajukan penerbitan dahulu, dengan alasannya.")
    _insist_on_whole(checked)
    is_alone = hand.name in (draft.offered_by, draft.author)
    if is_alone and others_may_publish(db, hand.account, hand.now):
        raise InputError("Empat mata: orang lain yang menerbitkan draf ini.")
    assert checked.definition is not None, "what is whole has a definition"
    latest = newest(db, draft.code)
    version = 1 if latest is None else latest.version + 1
    definition = msgspec.structs.replace(checked.definition, version=version)
    _keep_new(db, definition, author=draft.author, now=hand.now)
    draft.state, draft.version = DraftState.PUBLISHED, version
    draft.published_by, draft.published_at = hand.name, hand.now
    draft.revision += 1
    db.flush()
    eyes = "satu orang: tidak ada yang lain" if is_alone else "dua orang"
    detail = f"v{version}; {digest(definition)}; {eyes}; {draft.reason}"
    _note(db, hand, "definition.publish", f"service:{draft.code}", detail)
    return definition


def discard_draft(db: Session, draft: DefinitionDraft, hand: Hand) -> None:
    """Put a draft away; it is not deleted.

    Raises:
        InputError: it changed meanwhile, or is no draft any more.
    """
    _insist_on_live(db, draft, hand)
    draft.state = DraftState.DISCARDED
    draft.revision += 1
    db.flush()
    _note(db, hand, "definition.discard", f"draft:{draft.id}", draft.code)


def others_may_publish(db: Session, account: int, now: datetime) -> bool:
    """Return whether anybody else in the city may publish."""
    roles = [role for role in Role if Permission.DEFINITION_MANAGE in PERMISSIONS_OF_ROLE[role]]
    query = (
        select(RoleGrant.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role.in_(roles),
            RoleGrant.scope_kind == ScopeKind.CITY,
            RoleGrant.account_id != account,
            RoleGrant.valid_from <= now,
            (RoleGrant.valid_to.is_(None)) | (RoleGrant.valid_to > now),
            Account.is_disabled.is_(False),
        )
        .limit(1)
    )
    return db.scalars(query).first() is not None


def _keep_new(db: Session, definition: ServiceDefinition, *, author: str, now: datetime) -> None:
    too_late = "Versi lain baru saja terbit; muat ulang halamannya, lalu ulangi."
    if db.get(DefinitionVersion, (definition.code, definition.version)) is not None:
        raise InputError(too_late)
    try:
        with db.begin_nested():
            keep_version(db, definition, author=author, now=now, is_published=True)
    except IntegrityError as error:
        # Of two drafts published in the same instant the number lets one in.
        raise InputError(too_late) from error


def _note(db: Session, hand: Hand, action: str, target: str, detail: str) -> None:
    audit.append(db, at=hand.now, actor=hand.name, action=action, target=target, detail=detail)


def _keep(draft: DefinitionDraft, body: Body, author: str, now: datetime) -> None:
    text = msgspec.json.encode(body).decode()
    if len(text) > MOST_BODY_LETTERS:
        raise InputError("Draf ini terlalu besar; sederhanakan formulir atau alurnya.")
    draft.body, draft.author, draft.changed_at = text, author, now


def _insist_on_live(db: Session, draft: DefinitionDraft, hand: Hand) -> None:
    # Two with the same page at once: the second waits here, and then sees the first one's revision.
    db.refresh(draft, with_for_update=True)
    if draft.state not in _LIVE:
        raise InputError("Draf ini sudah terbit atau dibuang; mulai versi baru.")
    if draft.revision != hand.seen:
        raise InputError("Draf ini baru saja diubah orang lain; muat ulang halamannya, lalu ulangi.")


def _insist_on_whole(checked: Checked) -> None:
    if checked.definition is None:
        raise InputError("Masih ada yang harus diperbaiki; lihat daftarnya.")

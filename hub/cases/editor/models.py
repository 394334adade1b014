"""Drafts of definitions. What was published stays here too, with who asked for it and why."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class DraftState(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    OFFERED = "offered"  # somebody else is asked to publish it
    PUBLISHED = "published"
    DISCARDED = "discarded"


class DefinitionDraft(Base):
    """One version of a service in the making.

    ``body`` is JSON of anything that was typed, right or wrong; ``revision`` counts its changes, so
    that what is published is what was looked at.
    """

    __tablename__ = "case_definition_draft"
    __table_args__ = (Index("ix_case_definition_draft_code", "code", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(String(48))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(9), default=DraftState.OPEN)
    revision: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(60))  # name of the account that changed it last
    changed_at: Mapped[datetime]
    offered_by: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    published_by: Mapped[str] = mapped_column(String(60), default="")
    published_at: Mapped[datetime | None]
    version: Mapped[int | None]  # that it became

"""The list of letters beside the roster: only the hub's, only newer, there again after a restart."""

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.documents.doors import DoorDocuments
from edge.documents.keeping import KeptDocument
from edge.documents.roster import RosterShelf
from edge.supervision.messages import LettersChanged, RosterChanged
from edge.wire.desired import DesiredError
from edge.wire.messages import Desired
from edge.wire.papers.trust import DOCUMENT, decode_trust, encode_trust
from tests.edge.documents.test_roster import desired, unseal
from tests.edge.wire.papers.test_seal import TRUST


def letters(version: int, *, inside: int = 0, key: Ed25519PrivateKey | None = None) -> Desired:
    plain = encode_trust(msgspec.structs.replace(TRUST, version=inside or version))
    return (
        desired(version, plain, document=DOCUMENT)
        if key is None
        else desired(version, plain, document=DOCUMENT, key=key)
    )


def documents(folder: Path) -> DoorDocuments:
    return DoorDocuments(
        roster=RosterShelf(path=folder / "roster.sealed", unseal=unseal),
        letters=KeptDocument(path=folder / "letters.sealed", unseal=unseal, decode=decode_trust),
    )


def test_both_documents_are_kept_and_told_to_a_door_that_starts(tmp_path: Path) -> None:
    shelf = documents(tmp_path)
    assert shelf.changes == ()
    assert isinstance(shelf.accept(desired(3)), RosterChanged)
    assert isinstance(shelf.accept(letters(7)), LettersChanged)
    again = documents(tmp_path)
    assert again.version == 3
    assert [type(change) for change in again.changes] == [RosterChanged, LettersChanged]
    assert b"HTTPS" not in (tmp_path / "letters.sealed").read_bytes()


def test_a_list_that_is_older_foreign_or_garbled_leaves_the_one_at_hand(tmp_path: Path) -> None:
    shelf = documents(tmp_path)
    shelf.accept(letters(7))
    wrong = (
        letters(6),
        letters(9, inside=8),
        letters(9, key=Ed25519PrivateKey.generate()),
        desired(9, b"rubbish", document=DOCUMENT),
    )
    assert [shelf.accept(one) for one in wrong] == [None] * 4
    assert [change.version for change in documents(tmp_path).changes] == [7]
    assert shelf.accept(letters(8)) is not None


def test_a_kept_list_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "letters.sealed").write_bytes(b"{}")
    shelf = documents(tmp_path)
    assert shelf.changes == ()
    assert shelf.accept(letters(1)) is not None


def test_a_disk_that_is_full_keeps_nothing_from_the_doors(tmp_path: Path) -> None:
    shelf = documents(tmp_path / "missing")
    assert shelf.accept(letters(1)) is not None


def test_a_document_that_no_door_knows_is_an_error_of_the_roster(tmp_path: Path) -> None:
    with pytest.raises(DesiredError, match="no document"):
        documents(tmp_path).accept(desired(1, document="menu"))

"""The dedupe against a plain set: whatever comes in whatever order, each is fresh once."""

import random
import threading

from sqlalchemy import func, select

from hub.db import Database
from hub.ingest.keeping.seen import BLOCK_SEQS, claim
from hub.ingest.models import IngestSeen, IngestStream

A, B = ("pi-01", "0" * 16), ("pi-02", "0" * 16)


def claim_once(database: Database, seqs: dict[tuple[str, str], list[int]]) -> dict[tuple[str, str], set[int]]:
    with database.writing() as session:
        return claim(session, seqs)


def test_a_seq_is_fresh_once_and_each_stream_for_itself(database: Database) -> None:
    assert claim_once(database, {A: [1, 2, 2, 5], B: [1]}) == {A: {1, 2, 5}, B: {1}}
    assert claim_once(database, {A: [1, 3, 5], B: [2]}) == {A: {3}, B: {2}}
    assert claim_once(database, {("pi-01", "f" * 16): [1]}) == {("pi-01", "f" * 16): {1}}
    assert claim_once(database, {}) == {}


def test_what_was_rolled_back_is_fresh_again(database: Database) -> None:
    with database.reading() as session:
        assert claim(session, {A: [1]}) == {A: {1}}
        session.rollback()
    assert claim_once(database, {A: [1]}) == {A: {1}}


def test_any_order_with_repetitions_ends_as_a_set_would(database: Database) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    seqs = [*range(1, 3 * BLOCK_SEQS), 2**63 - 1, *(chance.randrange(1, 2**63) for _ in range(50))]
    came = [*seqs, *chance.choices(seqs, k=2_000)]
    chance.shuffle(came)
    seen: set[int] = set()
    for start in range(0, len(came), 1_500):
        part = came[start : start + 1_500]
        assert claim_once(database, {A: part}) == {A: set(part) - seen}
        seen |= set(part)


def test_full_blocks_become_a_watermark_also_when_the_first_comes_last(database: Database) -> None:
    for block in (2, 1, 0):
        seqs = [seq for seq in range(block * BLOCK_SEQS, (block + 1) * BLOCK_SEQS) if seq]
        claim_once(database, {A: seqs})
    with database.reading() as session:
        assert session.scalars(select(IngestStream.watermark)).one() == 3 * BLOCK_SEQS
        assert session.scalar(select(func.count()).select_from(IngestSeen)) == 0
    assert claim_once(database, {A: [1, BLOCK_SEQS, 3 * BLOCK_SEQS]}) == {A: {3 * BLOCK_SEQS}}


def test_a_hole_that_stays_for_ever_costs_one_block_and_no_more(database: Database) -> None:
    claim_once(database, {A: [seq for seq in range(1, 4 * BLOCK_SEQS) if seq != 7]})
    with database.reading() as session:
        assert session.scalars(select(IngestStream.watermark)).one() == 0
        assert session.scalar(select(func.count()).select_from(IngestSeen)) == 4
    assert claim_once(database, {A: [7, 8]}) == {A: {7}}
    with database.reading() as session:
        assert session.scalars(select(IngestStream.watermark)).one() == 4 * BLOCK_SEQS


def test_two_workers_that_get_the_same_record_count_it_once(database: Database) -> None:
    answers: list[set[int]] = []

    def other_worker() -> None:
        answers.append(claim_once(database, {A: [1, 2, 3]})[A])

    with database.writing() as session:
        assert claim(session, {A: [1, 2]}) == {A: {1, 2}}
        thread = threading.Thread(target=other_worker)
        thread.start()
        thread.join(0.3)
        assert answers == [], "it waits for the first to commit"
    thread.join()
    assert answers == [{3}]

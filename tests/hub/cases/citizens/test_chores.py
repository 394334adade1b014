"""What is forgotten by itself: codes, sessions, sent forms, files that nothing refers to."""

import os
from datetime import timedelta

from sqlalchemy import func, select

from hub.cases.asking.models import SentForm
from hub.cases.attachments.kept import PDF
from hub.cases.attachments.store import folder_of, put
from hub.cases.citizens.chores import sweeper
from hub.cases.citizens.models import CitizenCode, CitizenSession
from tests.hub.cases.asking.citizen import filed
from tests.hub.cases.citizens.own.test_accounts import signed_in
from tests.hub.screens import Screens


def test_what_is_over_is_forgotten_and_files_of_cases_stay(desk: Screens) -> None:
    signed_in(desk)
    filed(desk.stranger())
    folder = folder_of(str(desk.folder))
    orphan = put(folder, b"%PDF nobody", PDF)
    long_ago = (desk.clock() - timedelta(days=3)).timestamp()
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        os.utime(path, (long_ago, long_ago))
    sweeper(desk.database, str(desk.folder), desk.clock)()
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert len(left) == len(files) - 1
    assert orphan not in {path.stem for path in left}
    desk.clock.advance(days=61)
    sweeper(desk.database, str(desk.folder), desk.clock)()
    with desk.database.reading() as db:
        for table in (CitizenCode, CitizenSession, SentForm):
            assert db.scalar(select(func.count()).select_from(table)) == 0

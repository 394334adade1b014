"""What ingest and the command line do with cases, put together as they run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.cases.commands import case_commands
from hub.casework import case_chores, case_engine, nik_key_of
from hub.config import HubConfig
from hub.db import Database
from tests.hub.cases.letters.samples import KEY
from tests.hub.cases.office import Office
from tests.hub.cases.test_faults import cases, dark_camera


def config_of(folder: Path) -> HubConfig:
    key = folder / "hub-signing.key"
    key.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return HubConfig(database="", folder=str(folder), signing_key=str(key))


def test_chores_follow_faults_and_make_no_key_on_the_way(office: Office, tmp_path: Path) -> None:
    config = config_of(tmp_path)
    by_name = {chore.name: chore for chore in case_chores(config, office.database)}
    assert not by_name["faults as cases"].act()
    dark_camera(office)
    assert not by_name["faults as cases"].act(), "one ticket, and nothing more to do"
    assert [case.service for case in cases(office)] == ["gangguan-kamera"]
    assert not by_name["clocks of cases"].act()
    assert not nik_key_of(config).exists()


def test_the_command_files_the_examples_once(office: Office, tmp_path: Path) -> None:
    office.account("admin")

    @contextmanager
    def ready(_path: Path) -> Iterator[tuple[HubConfig, Database]]:
        yield config_of(tmp_path), office.database

    group = case_commands(ready, now=lambda: office.now, engine_of=case_engine)
    for expected in ("cases (contoh)", "0 cases (contoh)"):
        said = CliRunner().invoke(group, ["examples"])
        assert said.exit_code == 0, said.output
        assert expected in said.output
    assert nik_key_of(config_of(tmp_path)).exists(), "a NIK was hidden"

"""When the image's trial may be left out: only when it went well with these very files."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from provisioning.image import proved
from provisioning.image.command import image
from provisioning.image.proved import Verdict, inputs_of, keep_proof, verdict

DAY = date(2026, 11, 22)
FOUND = {
    "built": True,
    "boot_s": 61.5,
    "booted": True,
    "enrolled": True,
    "records_in_hub": 12,
    "scans_in_hub": 3,
    "update_ok": True,
    "refused": ["tampered", "older"],
    "rolled_back": True,
    "survived_cut": True,
    "image_bytes_compressed": 187_654_321,
    "idle_memory_mb": 240,
    "failed": None,
}


def git(project: Path, *words: str) -> None:
    who = ("-c", "user.name=Uji", "-c", "user.email=uji@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(project), *who, *words], check=True, capture_output=True)


def commit(project: Path) -> None:
    git(project, "add", "-A")
    git(project, "commit", "-q", "--allow-empty", "-m", "a change")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with a file in each folder that counts, and one that does not."""
    for name in (*proved.FOLDERS, "hub"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a file.py").write_text(name)
    (tmp_path / ".gitignore").write_text("__pycache__/\n")
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    return tmp_path


def keep(project: Path, **changes: object) -> str:
    return keep_proof(project, {**FOUND, **changes}, began=inputs_of(project), on=DAY)


def test_a_trial_that_went_well_is_not_asked_for_again(project: Path) -> None:
    assert verdict(project).reason.endswith("no such file; write one or point --config at it")
    assert keep(project) == "firmware_images/proved.toml is written: commit it"
    # Also before it is committed, and whatever else changes beside the image.
    expected = Verdict(True, "proved on 2026-11-22 with these very files")
    assert verdict(project) == expected
    (project / "hub/a file.py").write_text("another hub")
    (project / "edge/__pycache__").mkdir()
    (project / "edge/__pycache__/a.pyc").write_text("compiled")
    commit(project)
    assert verdict(project) == expected
    text = (project / proved.PROOF).read_text()
    assert 'refused = ["tampered", "older"]' in text
    assert "image_mb = 187.7" in text


@pytest.mark.parametrize("folder", proved.FOLDERS)
def test_one_other_letter_asks_for_the_trial(project: Path, folder: str) -> None:
    keep(project)
    commit(project)
    (project / folder / "a file.py").write_text("another letter")
    assert verdict(project) == Verdict(False, f'not committed: "{folder}/a file.py"')
    commit(project)
    assert (
        verdict(project).reason
        == "files of firmware_images, provisioning, edge are other ones than on 2026-11-22"
    )
    (project / folder / "a file.py").write_text(folder)
    commit(project)
    assert verdict(project).is_proved


def test_a_new_name_and_a_new_mode_ask_for_the_trial(project: Path) -> None:
    keep(project)
    commit(project)
    git(project, "update-index", "--chmod=+x", "edge/a file.py")
    git(project, "commit", "-q", "-m", "may be run")
    git(project, "checkout", "-q", "--", ".")
    assert not verdict(project).is_proved
    git(project, "revert", "--no-edit", "HEAD")
    assert verdict(project).is_proved
    git(project, "mv", "edge/a file.py", "edge/b.py")
    commit(project)
    assert not verdict(project).is_proved


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"failed": "refuse"}, "refuse failed"),
        ({"rolled_back": False}, "not every stage was gone through"),
        ({"refused": []}, "not every stage was gone through"),
        ({"records_in_hub": 0}, "not every stage was gone through"),
    ],
)
def test_a_trial_that_was_not_whole_proves_nothing(
    project: Path, changes: dict[str, object], reason: str
) -> None:
    assert keep(project, **changes) == f"firmware_images/proved.toml is not written: {reason}"
    assert not (project / proved.PROOF).exists()


def test_a_trial_of_files_that_nobody_can_name_proves_nothing(project: Path, tmp_path: Path) -> None:
    (project / "edge/new.py").write_text("not committed")
    assert keep(project) == "firmware_images/proved.toml is not written: not committed: edge/new.py"
    began = inputs_of(project)
    for number in range(8):
        (project / f"edge/{number}.py").write_text("")
    assert inputs_of(project).doubt.endswith(" and 4 more")
    commit(project)
    assert keep_proof(project, FOUND, began=began, on=DAY).endswith("not committed: edge/new.py")
    began = inputs_of(project)
    (project / "edge/late.py").write_text("")
    assert keep_proof(project, FOUND, began=began, on=DAY).endswith("files changed while the trial ran")


def test_without_git_the_trial_has_to_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".git").rename(project / "no-git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    assert verdict(project).reason.startswith("git cannot say which files these are")
    assert "git cannot say" in keep(project)


def test_a_proof_that_was_written_by_hand_is_looked_at(project: Path) -> None:
    keep(project)
    proof = project / proved.PROOF
    proof.write_text(proof.read_text().replace("survived_cut = true", "survived_cut = false"))
    assert verdict(project).reason == "firmware_images/proved.toml tells of a trial that failed"
    proof.write_text("something else")
    assert not verdict(project).is_proved


def test_the_command_says_by_its_exit_code_whether_to_try(project: Path) -> None:
    asked = CliRunner().invoke(image, ["proved", "--project", str(project)])
    assert asked.exit_code == 1
    assert asked.output.endswith(": to be tried\n")
    keep(project)
    asked = CliRunner().invoke(image, ["proved", "--project", str(project)])
    assert (asked.exit_code, asked.output) == (0, "image: proved on 2026-11-22 with these very files\n")

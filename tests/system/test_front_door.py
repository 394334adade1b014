"""``./pontive``: what it says and does on machines that lack something, and when it is interrupted."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "pontive"
# What the script itself uses; whatever else a test machine has is hidden from it.
TOOLS = (
    "sh", "readlink", "dirname", "cat", "tail", "tr", "cut", "sha256sum", "mkdir", "sleep", "grep", "ls",
    "flock", "rm", "env", "chromium", "git", "sed", "sort", "wc",
)  # fmt: skip


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPT, *arguments], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL, **options
    )


def test_help_names_every_command_and_option() -> None:
    text = run("help").stdout
    for word in (
        "up",
        "test",
        "check",
        "bench",
        "torture",
        "image",
        "docs",
        "--port",
        "--camera",
        "--for",
        "--seed",
    ):
        assert word in text
    assert run().stdout == run("--help").stdout == text


def test_an_unknown_command_is_wrong_use() -> None:
    result = run("fly")
    assert result.returncode == 2
    assert "no such command: fly" in result.stderr


def test_options_of_up_are_checked_and_explained(tmp_path: Path) -> None:
    assert "--no-browser" in run("up", "--help", cwd=tmp_path).stdout
    assert run("up", "--port", "none", cwd=tmp_path).returncode == 2


@pytest.fixture
def bare_machine(tmp_path: Path) -> Callable[..., dict[str, object]]:
    """A copy of the script in an empty checkout, on a machine with few programs and stubs for some."""
    (tmp_path / "bin").mkdir()
    checkout = tmp_path / "a checkout"
    checkout.mkdir()
    shutil.copy(SCRIPT, checkout / "pontive")
    for name in TOOLS:
        if (found := shutil.which(name)) is not None:
            (tmp_path / "bin" / name).symlink_to(found)

    def make(**stubs: str) -> dict[str, object]:
        for name, body in stubs.items():
            stub = tmp_path / "bin" / name.replace("_", "-")
            stub.write_text(f"#!/bin/sh\n{body}\n")
            stub.chmod(0o755)
        return {"executable": checkout / "pontive", "env": {"PATH": str(tmp_path / "bin")}, "cwd": "/"}

    return make


def test_an_image_is_built_by_root_alone_and_whoever_is_not_is_told(bare_machine) -> None:
    result = run("image", "build", **bare_machine(id="echo 1000"))
    assert result.returncode == 3
    assert "run ./pontive image as root" in result.stderr


def test_without_root_and_sudo_it_says_what_root_should_run(bare_machine) -> None:
    result = run("check", **bare_machine(id="echo 1000", apt_get="exit 0"))
    assert result.returncode == 3
    assert "Missing: shellcheck (checks the shell scripts)" in result.stdout
    assert "not root and no sudo here: as root run: apt-get install" in result.stderr
    assert "shellcheck" in result.stderr


def test_without_a_terminal_it_never_asks_for_a_password(bare_machine) -> None:
    result = run("check", **bare_machine(id="echo 1000", apt_get="exit 0", sudo="exit 1"))
    assert result.returncode == 3
    assert "sudo asks for a password and there is no terminal" in result.stderr


def test_on_another_system_it_names_the_packages(bare_machine) -> None:
    result = run("check", **bare_machine(id="echo 0"))
    assert result.returncode == 3
    assert "this is no Debian" in result.stderr
    assert "shellcheck" in result.stderr


def test_a_step_that_fails_shows_its_last_words_and_the_remedy(bare_machine) -> None:
    result = run("check", **bare_machine(id="echo 0", apt_get="echo cannot resolve the mirror; exit 100"))
    assert result.returncode == 3
    assert "cannot resolve the mirror" in result.stderr
    assert "failed: reading the lists of Debian packages" in result.stderr
    assert "apt-get update && apt-get install" in result.stderr


def test_an_interrupted_step_leaves_no_process_behind(bare_machine, tmp_path: Path) -> None:
    options = bare_machine(id="echo 0", apt_get=f"echo $$ > '{tmp_path}/pid'; exec sleep 600")
    script = subprocess.Popen(
        [SCRIPT, "check"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options
    )
    for _ in range(4_800):
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip():
            break
        time.sleep(0.05)
    apt = psutil.Process(int((tmp_path / "pid").read_text()))
    script.send_signal(signal.SIGTERM)
    assert script.wait(240) == 128 + signal.SIGTERM
    _gone, left = psutil.wait_procs([apt], timeout=240)
    assert left == []


def test_an_unchanged_tree_installs_nothing(tmp_path: Path) -> None:
    if not list((ROOT / ".venv").glob("pontive-stamp-*")):
        pytest.skip("this environment was not made by ./pontive")
    result = run("up", "--help", cwd=tmp_path, env={**os.environ, "COLUMNS": "200"})
    assert "installing" not in result.stdout


@pytest.fixture
def tested_machine(
    bare_machine, tmp_path: Path
) -> Callable[[list[str], int], subprocess.CompletedProcess[str]]:
    """Run ``./pontive test`` where ``failed`` fail beside others; a second look ends with ``second_code``."""
    checkout = tmp_path / "a checkout"
    for name in ("uv.lock", "pyproject.toml"):
        (checkout / name).write_text(name)
    version = re.search(r"^UV_VERSION=(.+)$", SCRIPT.read_text(), re.MULTILINE)
    assert version is not None
    (checkout / ".uv/bin").mkdir(parents=True)
    (checkout / ".uv/bin/uv").write_text(
        f"#!/bin/sh\nmkdir -p '{checkout}/.venv/bin'\necho uv {version[1]}\n"
    )
    (checkout / ".uv/bin/uv").chmod(0o755)
    programs = "mosquitto shellcheck victoria-metrics haproxy mkfs.vfat mcopy sfdisk rauc mksquashfs"
    coverage = f"""
case "$*" in
*--last-failed*) exit "$(cat '{tmp_path}/second')" ;;
*--cache-clear*)
    mkdir -p .pytest_cache/v/cache
    cat '{tmp_path}/failed' >.pytest_cache/v/cache/lastfailed
    exit 1
    ;;
esac"""
    stubs = dict.fromkeys(f"{programs} systemd-analyze ruff mypy".replace("-", "_").split(), "exit 0")
    options = bare_machine(**stubs, python=f'exec "{sys.executable}" "$@"', coverage=coverage)

    def test(failed: list[str], second_code: int) -> subprocess.CompletedProcess[str]:
        (tmp_path / "failed").write_text(json.dumps(dict.fromkeys(failed, True)))
        (tmp_path / "second").write_text(str(second_code))
        return run("test", **options)

    return test


def test_what_failed_in_a_few_files_is_looked_at_again_alone_and_named(tested_machine) -> None:
    city = [
        f"tests/system/test_{name}.py::test_{number}" for name in ("city", "clips") for number in range(10)
    ]
    passed = tested_machine(city, 0)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "PASSED ONLY WHEN ALONE, find out why (20 tests in 2 files):" in passed.stdout
    assert all(f"\n  {name}\n" in passed.stdout for name in city)
    failed = tested_machine(city, 1)
    assert failed.returncode == 1
    assert "PASSED ONLY WHEN ALONE" not in failed.stdout
    everywhere = tested_machine([f"tests/hub/test_{number}.py::test_it" for number in range(6)], 0)
    assert everywhere.returncode == 1
    assert "6 tests in 6 files failed: too many for a second look" in everywhere.stdout

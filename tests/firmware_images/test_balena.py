"""The files for balena, held against rules without a container engine; the start script really run."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "firmware_images/balena"
# What balena's engine takes of compose 2.4 (its documentation, 2025) as far as we use it.
KNOWN_SERVICE_KEYS = {
    *("build", "restart", "network_mode", "read_only", "tmpfs", "volumes", "cap_drop", "cap_add"),
    *(
        "security_opt",
        "device_cgroup_rules",
        "devices",
        "mem_limit",
        "pids_limit",
        "stop_grace_period",
        "labels",
    ),
}
INSTRUCTIONS = {"FROM", "RUN", "COPY", "ENV", "USER", "HEALTHCHECK", "ENTRYPOINT"}


@pytest.fixture(scope="module")
def edge() -> dict[str, Any]:
    compose = yaml.safe_load((FOLDER / "docker-compose.yml").read_text())
    assert compose["version"] == "2.4"
    assert list(compose["services"]) == ["edge"]
    service: dict[str, Any] = compose["services"]["edge"]
    return service


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    text = re.sub(r"(?m)^\s*#.*\n", "", (FOLDER / "Dockerfile.template").read_text())
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]
    return [(word, rest) for line in lines for word, _, rest in [line.partition(" ")]]


def test_the_service_asks_for_nothing_that_balena_does_not_know(edge: dict[str, Any]) -> None:
    assert set(edge) <= KNOWN_SERVICE_KEYS


def test_the_root_is_read_only_and_only_named_places_are_written(edge: dict[str, Any]) -> None:
    assert edge["read_only"] is True
    assert edge["volumes"] == ["pontive-data:/data"]
    (tmpfs,) = edge["tmpfs"]
    assert {"nosuid", "nodev", "noexec"} <= set(tmpfs.split(":")[1].split(","))


def test_rights_are_counted(edge: dict[str, Any]) -> None:
    assert "privileged" not in edge
    assert edge["cap_drop"] == ["ALL"]
    assert set(edge["cap_add"]) == {"CHOWN", "MKNOD", "SETGID", "SETPCAP", "SETUID"}
    assert edge["security_opt"] == ["no-new-privileges:true"]
    assert edge["device_cgroup_rules"] == ["c 81:* rw"]
    assert edge["devices"] == ["/dev/gpiochip0:/dev/gpiochip0"]
    start = (FOLDER / "start.sh").read_text()
    for words in ("exec setpriv", "--bounding-set=-all", "--no-new-privs", "--reuid=pontive"):
        assert words in start, "what the container may do ends with the start script"


def test_the_agent_has_time_to_end_in_order(edge: dict[str, Any]) -> None:
    assert edge["stop_grace_period"] == "15s"
    assert edge["labels"] == {"io.balena.update.strategy": "download-then-kill"}


def test_the_image_is_glibc_64_bit_and_every_wheel_has_its_checksum(
    dockerfile: list[tuple[str, str]],
) -> None:
    assert {word for word, _ in dockerfile} <= INSTRUCTIONS
    stages = [rest for word, rest in dockerfile if word == "FROM"]
    assert stages == ["debian:trixie-slim AS build", "debian:trixie-slim"]
    runs = " ".join(rest for word, rest in dockerfile if word == "RUN")
    assert "--require-hashes" in runs
    assert '"%%BALENA_ARCH%%" = aarch64' in runs
    assert set(re.findall(r"%%\w+%%", (FOLDER / "Dockerfile.template").read_text())) == {"%%BALENA_ARCH%%"}
    for install in re.findall(r"apt-get install.*?&&", runs):
        assert "--no-install-recommends" in install


def test_health_check_and_start_are_programs_and_not_shell_lines(dockerfile: list[tuple[str, str]]) -> None:
    check = next(rest for word, rest in dockerfile if word == "HEALTHCHECK")
    assert '"pontive-edge", "healthy"' in check
    assert dockerfile[-1] == ("ENTRYPOINT", '["/usr/local/bin/start.sh"]')


def test_every_file_that_is_copied_is_there_or_made_by_the_named_commands(
    dockerfile: list[tuple[str, str]],
) -> None:
    copies = [rest.split()[:-1] for word, rest in dockerfile if word == "COPY" and "--from" not in rest]
    compose = (FOLDER / "docker-compose.yml").read_text()
    for name in (name for names in copies for name in names):
        assert (FOLDER / name).exists() or f"firmware_images/balena/{name}" in compose, name


def test_shellcheck_has_no_remark() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    files = [str(path) for path in FOLDER.glob("*.sh")]
    assert subprocess.run(["shellcheck", *files], capture_output=True, text=True).stdout == ""


class Agent:
    """``agent.sh`` with a ``pontive-edge`` of the test's own before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "reports").mkdir()
        self.config = folder / "edge.toml"

    def start(self, program: str, **variables: str) -> subprocess.Popen[str]:
        path = self.folder / "bin/pontive-edge"
        path.write_text(f"#!/bin/sh\n{program}\n")
        path.chmod(0o755)
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PONTIVE_EDGE_CONFIG": str(self.config),
            "PONTIVE_ROLE": "camera",
            "PONTIVE_REPORTS": str(self.folder / "reports"),
            "PONTIVE_PAUSE_S": "0",
            **variables,
        }
        # Into a file: a sleep that is left behind would hold a pipe open.
        with (self.folder / "said").open("w") as said:
            return subprocess.Popen(
                [str(FOLDER / "agent.sh")],
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def ended(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        process.wait(timeout=120)
        with contextlib.suppress(ProcessLookupError):  # it left nothing behind
            os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, (self.folder / "said").read_text()


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path)


def test_a_device_without_role_or_claim_says_what_is_missing(agent: Agent) -> None:
    assert "set it to camera or door" in agent.ended(agent.start("exit 0", PONTIVE_ROLE="kiosk"))[1]
    code, said = agent.ended(agent.start("exit 0"))
    assert (code, "PONTIVE_CLAIM" in said) == (3, True)


def test_it_enrols_once_and_hands_on_how_the_agent_ended(agent: Agent) -> None:
    program = f"""
echo "did $*"
[ "$1" = enrol ] && touch {agent.config} && exit 0
echo "${{PONTIVE_CLAIM:-none}}"
exit 7"""
    claim = {"PONTIVE_HUB": "https://hub", "PONTIVE_CLAIM": "AAAA"}
    code, said = agent.ended(agent.start(program, **claim))
    assert code == 7
    assert "did enrol" in said
    assert "--code AAAA" in said
    assert said.endswith("none\n"), "the claim does not reach the agent's environment"
    assert "did enrol" not in agent.ended(agent.start(program, **claim))[1]


def test_a_stop_reaches_the_agent_and_waits_for_it(agent: Agent) -> None:
    agent.config.touch()
    ready = agent.folder / "ready"
    process = agent.start(
        f"trap 'sleep 0.2; echo in-order; exit 0' TERM; touch {ready}; while :; do sleep 0.05; done"
    )
    while not ready.exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert agent.ended(process) == (0, "in-order\n")


def test_an_agent_whose_reports_stop_is_ended(agent: Agent) -> None:
    agent.config.touch()
    code, said = agent.ended(agent.start("exec sleep 600", PONTIVE_FIRST_LOOK_S="0"))
    assert code != 0
    assert "begins anew" in said

"""What goes into a bug report: versions, settings, and the last word of the running agent.

Must not hold secrets: settings come masked, warnings are masked when they are written.
"""

import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec

from edge.commissioning.overlay_file import effective_config
from edge.config import EdgeConfig
from edge.health.probing.board import Probes
from edge.running.status import AgentStatus, read_status, status_paths
from edge.shown_config import shown

_PARTS = ("pontive", "paho-mqtt", "msgspec", "cryptography", "numpy", "opencv-python-headless", "av")


def bug_report(config: EdgeConfig, *, now: datetime | None = None) -> dict[str, Any]:
    """Return everything as plain values; ``agent`` is None when none left its status."""
    status = read_status(status_paths(config))
    now = now or datetime.now(UTC)
    return {
        "device": config.device,
        "hardware": Probes().hardware(),
        "versions": {"python": platform.python_version(), **{part: _version(part) for part in _PARTS}},
        "agent": None if status is None else _agent(status, now),
        "settings": shown(effective_config(config)),
    }


def as_lines(found: dict[str, Any]) -> str:
    """Return a report for a person, settings left out."""
    lines = [f"device: {found['device']} on {found['hardware']}"]
    lines += [f"{part}: {number}" for part, number in found["versions"].items()]
    agent = found["agent"]
    if agent is None:
        return "\n".join([*lines, "agent: left no status; is it running? (systemctl status pontive-edge)"])
    lines.append(
        f"agent: {agent['age_s']:.0f} s ago, {'connected' if agent['is_connected'] else 'not connected'}"
    )
    lines += [f"waiting {lane}: {stats['rows']} records" for lane, stats in agent["outbox"].items()]
    lines.append(f"kept {agent['kept']}, refused {agent['refused']} {agent['outbox_trouble']}".rstrip())
    lines += [f"health {name}: {value}" for name, value in agent["health"].items() if name != "kind"]
    lines += [_worker_line(worker) for worker in agent["workers"]]
    lines += [line for camera in found["settings"]["cameras"] for line in _equipment(camera)]
    lines += [f"log: {line}" for line in agent["recent_warnings"]]
    return "\n".join(lines)


def _equipment(camera: dict[str, Any]) -> list[str]:
    """Return a line for what a camera has beside its picture."""
    lines = []
    if camera["onvif"]:
        presets = ", ".join(preset["id"] for preset in camera["presets"]) or "none"
        lines.append(f"camera {camera['id']}: turns by ONVIF {camera['onvif']}; presets drawn: {presets}")
    if camera["detector"]:
        model = camera["detector"]["model"]
        state = "is there" if Path(model).is_file() else "is missing"
        lines.append(f"camera {camera['id']}: detector model {model} {state}")
    return lines


def _agent(status: AgentStatus, now: datetime) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(status)
    return {"age_s": round((now - status.at).total_seconds(), 1), **plain}


def _worker_line(worker: dict[str, Any]) -> str:
    state = "runs" if worker["is_alive"] else "is down"
    counts = f"{worker['frames']} frames, {worker['restarts']} restarts"
    line = f"{worker['kind']} {worker['name']}: {state}, {counts}"
    return f"{line}; {worker['last_fault']}" if worker["last_fault"] else line


def _version(part: str) -> str:
    try:
        return version(part)
    except PackageNotFoundError:
        return "not installed"

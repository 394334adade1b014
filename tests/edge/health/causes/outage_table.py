"""Reads the table of scripted outages: what the agent could know, and what was really broken."""

from pathlib import Path
from typing import Any

from edge.config import Medium
from edge.health.causes.diagnosis import (
    AbsenceEvidence,
    CameraEvidence,
    Verdict,
    diagnose_absence,
    diagnose_camera,
)
from edge.wire.records.bodies import CameraFault, Cause, PictureState

TABLE = Path(__file__).parents[3] / "data" / "health" / "outages.txt"
# A verdict this sure is shown to operators as settled.
SURE = 0.9

FLAGS = {
    "ping": "answers_ping",
    "arp": "has_arp",
    "port": "has_port_power",
    "switch": "is_switch_answering",
    "gateway": "is_gateway_answering",
    "carrier": "has_own_carrier",
    "mains-lost": "is_mains_lost",
    "under-voltage": "is_under_voltage",
    "falling": "is_signal_falling",
}
ABSENCE_FLAGS = {
    "gasp": "had_last_gasp",
    "low": "was_under_voltage",
    "hand": "was_stopped_by_hand",
    "watchdog": "has_watchdog_reset",
    "gateway": "was_gateway_answering",
    "falling": "was_signal_falling",
}
VALUES = {"siblings": "siblings", "dark": "siblings_dark", "loss": "loss_share", "signal": "signal_dbm"}
ABSENCE_VALUES = {"outage": "outage_s", "uptime": "uptime_s", "rows": "rows_from_gap"}


def field_of(word: str, flags: dict[str, str], values: dict[str, str]) -> dict[str, Any]:
    key, _, value = word.partition("=")
    if key == "medium":
        return {"medium": Medium(value)}
    if value:
        return {values[key]: float(value) if "." in value or key in ("signal", "loss") else int(value)}
    return {flags[word[1:]]: word[0] == "+"}


def verdict_of(words: list[str]) -> Verdict:
    fields: dict[str, Any] = {}
    if "absent" in words:
        for word in words[1:]:
            if word[1:] == "rebooted":
                fields["is_same_boot"] = word[0] == "-"
            else:
                fields |= field_of(word, ABSENCE_FLAGS, ABSENCE_VALUES)
        return diagnose_absence(AbsenceEvidence(**fields))
    fields["picture"] = PictureState.ABSENT
    for word in words:
        if word.startswith("picture="):
            fields["picture"] = PictureState(word.removeprefix("picture="))
        elif word.startswith("fault="):
            fields["fault"] = CameraFault(word.removeprefix("fault="))
        elif word != "hard":
            fields |= field_of(word, FLAGS, VALUES)
    return diagnose_camera(CameraEvidence(**fields))


def rows() -> list[tuple[str, list[str], Cause]]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [(name, words.split(), Cause(cause)) for name, words, cause in cells]

"""What balena says of the devices, from the file that ``pontive-provision fleet report`` writes.

The hub holds no token of the fleets and asks no cloud: it shows a file, and how old it is.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from edge.wire.fleet_report import MAX_REPORT_BYTES, FleetEntry, FleetReport
from edge.wire.strict_toml import Section

logger = logging.getLogger(__name__)

# The timer writes every five minutes; three that were missed are worth a word.
STALE_AFTER = timedelta(minutes=15)


class FleetReportSettings(Section, frozen=True):
    """The section ``[fleet]``; empty ``report``: no device runs on balena."""

    report: str = ""


@dataclass(frozen=True, slots=True)
class FleetPanel:
    """What the page of devices says of the report as a whole."""

    at: datetime
    is_stale: bool
    trouble: str
    online: int
    total: int


def read_report(path: str) -> FleetReport | None:
    """Return the report; ``None`` where none is set, or where it cannot be used (that is logged)."""
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            raw = file.read(MAX_REPORT_BYTES + 1)
        if len(raw) > MAX_REPORT_BYTES:
            raise ValueError(f"longer than {MAX_REPORT_BYTES} bytes")
        return msgspec.json.decode(raw, type=FleetReport)
    except (OSError, ValueError) as error:
        logger.warning("the report of the fleets %s cannot be used: %s", path, error)
        return None


def panel_of(report: FleetReport | None, now: datetime) -> FleetPanel | None:
    """Return the summary of a report."""
    if report is None:
        return None
    online = sum(one.is_online for one in report.devices)
    return FleetPanel(report.at, now - report.at > STALE_AFTER, report.trouble, online, len(report.devices))


def entry_of(report: FleetReport | None, device: str) -> FleetEntry | None:
    """Return what is said of one device."""
    return next((one for one in report.devices if one.device == device), None) if report else None

"""The report as rows of a file: the same columns from the command line and from the page."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from hub.breach.report import Report

HEADER = ("waktu", "akun", "tindakan", "jenis", "nomor", "nama", "kontak", "data", "objek", "keterangan")


def rows_of(report: Report, zone: ZoneInfo, words: Callable[[str], str]) -> list[tuple[object, ...]]:
    """Return one row an act; ``words`` translates."""
    return [
        (
            one.at.astimezone(zone).isoformat(timespec="seconds"),
            one.actor,
            one.action,
            words(one.whose),
            one.number,
            one.name,
            one.contact,
            words(one.shown),
            one.target,
            one.detail,
        )
        for one in report.touches
    ]

"""A recap as a document: what it rests on, its columns, its lines, its legend. One for all formats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from hub.hadir.asking import Asked, complete_words
from hub.hadir.results.showing.recap import Recap, RecapLine, letters
from hub.web.formats import moment_text
from hub.web.guarding.guard import signed_in
from hub.web.i18n import language
from hub.web.parts import parts


@dataclass(frozen=True, slots=True)
class RecapDocument:
    """A recap of a part of the city and a month, in words.

    ``facts`` are name and value; ``sums`` the names of the columns after the days; ``warning`` says
    that example tariffs were applied, or is empty.
    """

    title: str
    place: str
    month: date
    facts: tuple[tuple[str, str], ...]
    days: tuple[date, ...]
    sums: tuple[str, ...]
    lines: tuple[RecapLine, ...]
    legend: str
    warning: str

    @property
    def header(self) -> list[str]:
        """The names of all columns."""
        return [_("nomor"), _("nama"), _("unit"), *(f"{day.day}" for day in self.days), *self.sums]

    def file_name(self, place: int | str, ending: str) -> str:
        """Return the name of the file."""
        return f"rekap-hadir-{place}-{self.month:%Y-%m}.{ending}"


def recap_document(what: Asked, found: Recap) -> RecapDocument:
    """Describe a recap for a file, in the viewer's language."""
    return RecapDocument(
        title=_("Rekap Hadir"),
        place=what.label,
        month=what.month,
        facts=facts_of(found),
        days=found.days,
        sums=(
            _("terlambat (menit)"), _("pulang awal (menit)"), _("potongan (persen)"),
            _("penyesuaian (persen)"), _("hari belum lengkap"),
        ),
        lines=found.lines,
        legend=legend_words(),
        warning=example_words(found),
    )  # fmt: skip


def facts_of(found: Recap) -> tuple[tuple[str, str], ...]:
    """Say what a recap rests on, and who made the file when."""
    here = parts()
    return (
        (_("Versi aturan"), ", ".join(found.versions) or "-"),
        (_("Data lengkap sampai"), complete_words(found)),
        (_("Bulan ditutup"), _("ya") if found.is_closed else _("belum")),
        (_("Dibuat"), moment_text(here.now(), here.zone, language())),
        (_("Dibuat oleh"), signed_in().name),
    )


def example_words(found: Recap) -> str:
    """Say that example tariffs were applied; empty when none was."""
    if not found.is_example:
        return ""
    words: str = _(
        "CONTOH: dihitung dengan tarif contoh, bukan ketetapan Kota Pontianak. Jangan dipakai untuk membayar."
    )
    return words


def legend_words() -> str:
    """Say what the letters mean."""
    words: str = _(
        "H hadir · T terlambat dan P pulang awal tanpa potongan · TL terlambat · PSW pulang awal · TS tanpa salah satu pindaian · TK tanpa keterangan · DL dinas luar · C cuti · S sakit · I izin · LB libur · - tanpa jam kerja · ? data belum lengkap"  # noqa: E501 (one text for the translators)
    )
    return words


def sums_of(line: RecapLine) -> tuple[int, int, Decimal, Decimal, int]:
    """Return the numbers after the days, in the order of ``sums``."""
    adjusted = Decimal(line.adjusted_hundredths) / 100
    return line.month.late_min, line.month.early_min, line.month.percent, adjusted, line.month.incomplete_days


def person_cells(line: RecapLine) -> Sequence[object]:
    """Return number, name, unit and the letters of the days."""
    return [line.person.number, line.person.name, line.person.unit_name, *letters(line)]

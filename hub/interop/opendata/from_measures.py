"""Measures as datasets: the numbers behind every public chart, period by period."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from hub.interop.opendata.shape import Column, ColumnType, Dataset, Frequency, Row
from hub.measures.catalogue.reading import shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.counting import RowCounts
from hub.measures.service import public_dataset

_FREQUENCIES = {
    "hour": Frequency.HOURLY,
    "day": Frequency.DAILY,
    "month": Frequency.MONTHLY,
    "year": Frequency.YEARLY,
}
_GROUPS = {
    "living": "Kehidupan warga",
    "environment": "Lingkungan",
    "utility": "Sarana kota",
    "economy": "Ekonomi",
    "mobility": "Mobilitas",
    "people": "Masyarakat",
}


def measure_datasets() -> Sequence[Dataset]:
    """Return every measure that is public."""
    counts = RowCounts()
    return tuple(_dataset(one, counts) for one in shipped().measures.values() if one.is_public)


def _dataset(measure: Measure, counts: RowCounts) -> Dataset:
    def rows(db: Session, _today: date) -> Iterator[Row]:
        found = public_dataset(db, measure.code)
        return (dict(zip(found.fields, values, strict=True)) for values in found.rows)

    formula = f" Dihitung: {measure.formula}." if measure.formula else ""
    return Dataset(
        name=f"ukuran-{measure.code}",
        title=measure.label,
        notes=f"{measure.label}, satuan: {measure.unit or 'tanpa satuan'}.{formula}",
        group=_GROUPS.get(measure.indicator or "", "Angka kota"),
        columns=(
            Column("periode", "Awal periode", ColumnType.TIMESTAMP),
            Column("sisi", "Menurut", notes="kota, atau pembeda deretnya"),
            Column("kunci", "Siapa atau di mana"),
            Column("nilai", "Nilai", ColumnType.NUMERIC, unit=measure.unit),
            Column("mutu", "Mutu"),
        ),
        rows=rows,
        count=lambda db, _today: counts.of(db, measure.code),
        frequency=_FREQUENCIES[measure.grain],
        source=measure.source,
        words=("ukuran", "statistik", *measure.dimensions),
    )

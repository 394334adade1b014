"""Published figures: kept as they are, flagged where they contradict each other."""

from pathlib import Path

import pytest

from hub.cases.complaints.statistics import figures
from hub.cases.complaints.statistics.figures import Figure, Part, conflicts_in, read_figures
from hub.errors import InputError
from hub.web.files.table_file import read_table

SHIPPED = Path(figures.__file__).with_name("published.csv")


def read(text: str) -> tuple[Figure, ...]:
    header = "subjek,periode,bagian,kunci,jumlah,sumber\n"
    return read_figures(read_table((header + text).encode(), "angka.csv"))


def shipped() -> tuple[Figure, ...]:
    return read_figures(read_table(SHIPPED.read_bytes(), SHIPPED.name))


def test_the_published_figures_of_the_city_are_all_there() -> None:
    totals = {(f.subject, str(f.period)): f.count for f in shipped() if f.part is Part.TOTAL}
    assert [totals["SP4N-LAPOR!", year] for year in ("2019", "2020", "2021")] == [192, 722, 123]
    months = [f.count for f in shipped() if f.part is Part.MONTH]
    assert months == [10, 11, 12, 9, 4, 10, 11, 12, 15, 11, 10, 8]
    assert sum(not f.is_example for f in shipped() if f.part is Part.MONTH) == 2


def test_exactly_the_two_known_conflicts_of_the_city_are_flagged() -> None:
    found = conflicts_in(shipped())
    assert [(one.subject, str(one.period), one.stated, one.found) for one in found] == [
        ("SP4N-LAPOR!", "2020", 722, 879),
        ("e-lawar", "2016-03/2018-08", 82, 300),
    ]


def conflict(text: str) -> list[tuple[int, int]]:
    return [(one.stated, one.found) for one in conflicts_in(read(text))]


def test_each_kind_of_sum_is_checked() -> None:
    assert conflict("S,2021,total,,10,A\nS,2021,total,,11,B\n") == [(10, 11)]
    assert conflict(
        "S,2021,status,terdisposisi,9,A\nS,2021,status,terverifikasi,1,A\n"
        "S,2021,status,diproses,2,A\nS,2021,status,diselesaikan,3,A\n"
    ) == [(9, 6)]
    assert conflict("S,2021,total,,10,A\nS,2021,status,terdisposisi,9,A\nS,2021,status,diarsipkan,2,A\n") == [
        (10, 11)
    ]
    months = "".join(f"S,2021,bulan,{month},1,A\n" for month in range(1, 13))
    assert conflict("S,2021,total,,13,A\n" + months) == [(13, 12)]
    assert conflict("S,2021,total,,12,A\n" + months) == []
    assert conflict("S,2021,total,,3,A\nS,2021,opd,Dishub,4,A\n") == [(3, 4)]


def test_a_list_cut_short_is_no_conflict() -> None:
    assert conflict("S,2021,total,,12,A\nS,2021,bulan,5,4,A\nS,2021,opd,Dishub,4,A\n") == []
    assert conflict("S,2021,total,,10,A\nS,2021,status,diarsipkan,2,A\n") == []


def test_a_period_within_another_may_have_less() -> None:
    assert conflict("S,2021,total,,10,A\nS,2021-03/2021-04,total,,4,A\n") == []


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ("S,2021,total,,sepuluh,A", "jumlah"),
        ("S,2021,total,,-1,A", "jumlah"),
        ("S,21,total,,1,A", "periode"),
        ("S,2021-05/2021-04,total,,1,A", "periode"),
        ("S,2021,apa,,1,A", "bagian"),
        ("S,2021,bulan,13,1,A", "kunci"),
        ("S,2021,total,x,1,A", "kunci"),
        ("S,2021,status,,1,A", "kunci"),
        (",2021,total,,1,A", "subjek"),
    ],
)
def test_a_wrong_row_is_named_with_its_number(row: str, names: str) -> None:
    with pytest.raises(InputError, match=f"baris 2: .*{names}"):
        read(row + "\n")

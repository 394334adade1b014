"""What a board must be: on the grid, nothing twice, nothing on top of another."""

from pathlib import Path

import pytest

from hub.boards.filling.kinds import KINDS
from hub.boards.plan.rules import faults_of
from hub.boards.plan.shape import BoardPlan, PlacedTile, TileKind, Use
from hub.boards.plan.shipped import read_plans, shipped_plans
from hub.errors import InputError
from hub.measures.catalogue.reading import shipped
from hub.registers.kind.reading import shipped_kinds


def tile(name: str, x: int = 1, y: int = 1, w: int = 3, h: int = 2) -> PlacedTile:
    return PlacedTile(id=name, kind=TileKind.CLOCK, x=x, y=y, w=w, h=h)


def plan(*tiles: PlacedTile, code: str = "papan-baru", rotation: tuple[str, ...] = ()) -> BoardPlan:
    return BoardPlan(code=code, title="Papan", use=Use.WALL, tiles=tiles, rotation=rotation)


def test_tiles_side_by_side_and_below_are_good() -> None:
    assert faults_of(plan(tile("a"), tile("b", x=4), tile("c", y=3, w=12))) == ()


@pytest.mark.parametrize(
    ("board", "named"),
    [
        (plan(tile("a"), tile("b", x=3, y=2)), "'a' menutupi ubin 'b'"),
        (plan(tile("a", x=11)), "'a' melewati tepi kanan"),
        (plan(tile("a"), tile("a", x=4)), "'a' ada dua kali"),
        (plan(code="layar"), "kode 'layar' dipakai halaman lain"),
        (plan(code="satu", rotation=("satu",)), "dengan dirinya sendiri"),
    ],
    ids=["overlap", "edge", "twice", "reserved", "itself"],
)
def test_what_is_wrong_with_a_board_is_named(board: BoardPlan, named: str) -> None:
    assert [fault for fault in faults_of(board) if named in fault]


def test_every_shipped_tile_is_about_something_that_there_is() -> None:
    known = {"measure": shipped().measures, "register": shipped_kinds()}
    for board in shipped_plans().values():
        assert set(board.rotation) <= shipped_plans().keys()
        for one in board.tiles:
            subject = KINDS[one.kind].subject
            assert subject not in known or one.subject in known[subject], (board.code, one.id)


def test_a_shipped_file_with_a_mistake_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "salah.toml"
    path.write_text('code = "salah"\ntitle = "x"\nuse = "taman"\n')
    with pytest.raises(InputError, match=r"salah\.toml: use"):
        read_plans(tmp_path)
    path.write_text('code = "layar"\ntitle = "x"\nuse = "kios"\n')
    with pytest.raises(InputError, match=r"salah\.toml: kode 'layar'"):
        read_plans(tmp_path)

"""Reads the table of simulated outages and lets each happen; says what the hub thought of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from edge.config import Medium
from edge.wire.records.bodies import BootReason, CameraFault
from hub.cctv.outages.models import Outage, OutageVerdict
from hub.cctv.outages.rules import SURE
from hub.db import Base, Database
from tests.hub.cctv.outages.world import FAULTS, Twin, World
from tests.hub.prepared import import_all_models

TABLE = Path(__file__).parents[4] / "tests/data/outages/causes.txt"
CALM_S = 200.0
# After the last thing that happens: cameras start, devices explain themselves, the outage is closed.
AFTERWARDS_S = 500.0
EVIDENCE = {
    "ping": "answers_ping",
    "arp": "has_arp",
    "port": "has_port_power",
    "switch_answers": "is_switch_answering",
    "carrier": "has_own_carrier",
    "falling": "is_signal_falling",
    "loss": "loss_share",
    "signal": "signal_dbm",
}


@dataclass(frozen=True)
class Happening:
    at_s: float
    target: str  # empty: all; "d1", "d1/c2"
    what: str
    words: dict[str, str]
    plain: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    name: str
    devices: int
    cameras: int
    medium: Medium
    signal_dbm: float | None
    switch: str
    happenings: tuple[Happening, ...]
    truth: tuple[tuple[str, str], ...]  # cause and scope, sorted


@dataclass(frozen=True)
class Outcome:
    case: Case
    found: tuple[tuple[str, str, float], ...]  # cause, scope, confidence
    sure_and_wrong: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return tuple(sorted((cause, scope) for cause, scope, _ in self.found)) == self.case.truth


def read_table(path: Path) -> list[Case]:
    """Read a table; a line that makes no sense is an error that names it."""
    cases = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            cases.append(_case(line))
        except (ValueError, KeyError, IndexError) as error:
            raise ValueError(f"{path}, line {number}: {error!r}: {line}") from error
    return cases


def _case(line: str) -> Case:
    name, place, events, truth = (cell.strip() for cell in line.split("|"))
    size, *words = place.split()
    devices, cameras = size.split("x")
    values = dict(word.split("=", 1) for word in words if "=" in word)
    causes = [tuple(word.split("@")) for word in truth.split()]
    return Case(
        name=name,
        devices=int(devices),
        cameras=int(cameras),
        medium=Medium.WIRELESS if "wireless" in words else Medium.FIBRE,
        signal_dbm=float(values["signal"]) if "signal" in values else None,
        switch=values.get("switch", ""),
        happenings=tuple(_happening(part) for part in events.split(";") if part.strip()),
        truth=tuple(sorted((cause, scope) for cause, scope in causes)),
    )


def _happening(text: str) -> Happening:
    at, *words = text.split()
    target = words.pop(0) if words[0].split("/")[0] in ("d1", "d2", "d3") else ""
    what, *rest = words
    values = dict(word.split("=", 1) for word in rest if "=" in word)
    return Happening(float(at), target, what, values, tuple(word for word in rest if "=" not in word))


def judge_all(cases: Sequence[Case], folder: Path) -> Iterator[Outcome]:
    """Let the cases happen one after the other in one city with one hub."""
    import_all_models()
    database = Database(f"sqlite:///{folder}/hub.db")
    # Nobody pulls the plug of this machine meanwhile, and its disk is slow.
    event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    Base.metadata.create_all(database.engine)
    world = World(database, folder)
    # The rest of the city lives: a hub that hears nobody at all must not judge.
    world.build("ramai", 3, 1, medium=Medium.FIBRE)
    try:
        for number, case in enumerate(cases):
            yield _let_happen(world, case, f"titik-{number:03d}")
    finally:
        database.close()


def _let_happen(world: World, case: Case, site: str) -> Outcome:
    twins = world.build(site, case.devices, case.cameras, medium=case.medium, switch=case.switch)
    for twin in twins:
        twin.signal_dbm = case.signal_dbm
    world.run(CALM_S)
    last_s = 0.0
    for happening in case.happenings:
        late_s = float(happening.words.get("late", happening.words.get("explain", 0)))
        last_s = max(last_s, happening.at_s + late_s)
        world.after(happening.at_s, partial(_do, world, happening, twins))
    world.run(last_s + AFTERWARDS_S)
    outcome = _outcome(world.database, case, site)
    world.forget(twins)
    world.hub_ahead_s = 0.0
    world.run(60.0)
    return outcome


def _outcome(database: Database, case: Case, site: str) -> Outcome:
    truths = {cause for cause, _ in case.truth} or {"none"}
    with database.reading() as db:
        outages = list(db.scalars(select(Outage).where(Outage.site == site).order_by(Outage.id)))
        verdicts = [
            (one.cause, one.confidence)
            for one in db.scalars(
                select(OutageVerdict).where(OutageVerdict.outage.in_([o.id for o in outages]))
            )
        ]
    # Every word that was ever said counts, not only the last one.
    wrong = tuple(f"{cause} {sure}" for cause, sure in verdicts if sure >= SURE and cause not in truths)
    found = tuple((one.cause, one.scope, one.confidence) for one in outages if one.folded_into is None)
    return Outcome(case, found, wrong)


def _do(world: World, happening: Happening, twins: Sequence[Twin]) -> None:
    device, _, camera = happening.target.partition("/")
    for number, twin in enumerate(twins, start=1):
        if device in ("", f"d{number}"):
            _ACTS[happening.what](world, twin, (camera,) if camera else twin.cameras, happening)
        if happening.what in _ONCE:
            return


Act = Callable[[World, Twin, tuple[str, ...], Happening], None]


def _darken(world: World, twin: Twin, cameras: tuple[str, ...], happening: Happening) -> None:
    words = dict(happening.words)
    fault = CameraFault(words.pop("fault", "not-found"))
    verdict_s = float(words.pop("explain", 15))
    more: dict[str, Any] = {EVIDENCE[name]: _value(text) for name, text in words.items()}
    world.darken(twin, *cameras, fault=fault, more=more, verdict_s=verdict_s)


def _value(text: str) -> bool | float:
    return text == "yes" if text in ("yes", "no") else float(text)


def _spoil(world: World, twin: Twin, cameras: tuple[str, ...], happening: Happening) -> None:
    for camera in cameras:
        world.spoil(twin, camera, FAULTS[happening.plain[0]])


def _stick(world: World, twin: Twin, cameras: tuple[str, ...], _happening: Happening) -> None:
    for camera in cameras:
        world.stick(twin, camera)


def _clock(world: World, _twin: Twin, _cameras: tuple[str, ...], happening: Happening) -> None:
    world.hub_ahead_s += float(happening.plain[0])


def _clockless(_world: World, twin: Twin, _cameras: tuple[str, ...], _happening: Happening) -> None:
    twin.is_clockless = True


def _late(happening: Happening) -> float:
    return float(happening.words.get("late", 20))


_ONCE = {"hub-down", "hub-up", "clock"}
_ACTS: dict[str, Act] = {
    "mains-off": lambda world, twin, _cameras, _h: world.cut_power(twin),
    "mains-on": lambda world, twin, _cameras, h: world.give_power(
        twin, late_s=_late(h), dead=h.words.get("dead", "")
    ),
    "battery": lambda world, twin, _cameras, _h: world.lose_mains(twin),
    "gasp": lambda world, twin, _cameras, _h: world.gasp(twin),
    "mains-back": lambda world, twin, _cameras, _h: world.mains_back(twin),
    "link-off": lambda world, twin, _cameras, _h: world.lose_link(twin),
    "link-on": lambda world, twin, _cameras, h: world.mend_link(twin, late_s=_late(h)),
    "stop": lambda world, twin, _cameras, _h: world.stop(twin),
    "start": lambda world, twin, _cameras, h: world.give_power(
        twin, late_s=_late(h), boot=BootReason.REBOOT, cameras=False
    ),
    "watchdog": lambda world, twin, _cameras, _h: world.cut_power(twin),
    "watchdog-back": lambda world, twin, _cameras, h: world.give_power(
        twin, late_s=_late(h), boot=BootReason.WATCHDOG, cameras=False
    ),
    "kill": lambda world, twin, _cameras, _h: world.kill(twin),
    "revive": lambda world, twin, _cameras, _h: world.revive(twin),
    "dark": _darken,
    "show": lambda world, twin, cameras, _h: world.show(twin, *cameras),
    "spoil": _spoil,
    "stick": _stick,
    "hub-down": lambda world, _twin, _cameras, _h: world.hub_down(),
    "hub-up": lambda world, _twin, _cameras, _h: world.hub_up(),
    "clock": _clock,
    "clockless": _clockless,
}

"""CPU time and memory of programs with all their children, and how figures grow with the fleet."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Weight:
    """What a part of the machine used so far: seconds of CPU, and memory now."""

    cpu_s: float
    memory_mib: float


class Part:
    """Programs, each with its children; a child that ended still counts."""

    def __init__(self, *pids: int, with_children: bool = True) -> None:
        """Take the process ids of the programs; without children it is they alone."""
        self._programs = [psutil.Process(pid) for pid in pids]
        self._with_children = with_children

    def weigh(self) -> Weight:
        """Look now. Memory is what no other process shares, so that a database is not counted twice."""
        cpu_s = memory = 0.0
        for process in self._living():
            try:
                times = process.cpu_times()
                cpu_s += times.user + times.system
                if self._with_children:
                    cpu_s += times.children_user + times.children_system
                memory += process.memory_full_info().uss
            except psutil.NoSuchProcess:
                continue  # it ended between the list and the look
        return Weight(cpu_s, memory / 2**20)

    def _living(self) -> Iterator[psutil.Process]:
        for program in self._programs:
            yield program
            if self._with_children:
                yield from program.children(recursive=True)


def exponent(sites: Sequence[int], values: Sequence[float]) -> float | None:
    """Return how a figure grows: 1 is in proportion to the sites, 0 not at all, 2 with their square.

    The slope of the straight line through the logarithms; ``None`` when there are too few figures.
    """
    points = [(math.log(x), math.log(y)) for x, y in zip(sites, values, strict=True) if y > 0]
    if len(points) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else None


def per_site(sites: Sequence[int], values: Sequence[float]) -> float:
    """Return what one site more costs: the slope of the straight line through the figures."""
    mean_x, mean_y = sum(sites) / len(sites), sum(values) / len(values)
    spread = sum((x - mean_x) ** 2 for x in sites)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(sites, values, strict=True)) / (spread or 1)


def differences(before: Mapping[str, Weight], after: Mapping[str, Weight]) -> dict[str, float]:
    """Return the CPU seconds of each part between two looks."""
    return {name: after[name].cpu_s - before[name].cpu_s for name in before}

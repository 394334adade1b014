"""The wireless device goes and comes back."""

import random
from pathlib import Path

from provisioning.cities.children import Program
from provisioning.cities.fickle import AWAY_S, THERE_S, FickleDevice


class Family:
    """Remembers what was asked of the children."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, float | None]] = []

    def start(self, program: Program) -> None:
        self.asked.append((f"start {program.name}", None))

    def stop(self, name: str, *, grace_s: float) -> None:
        self.asked.append((f"stop {name}", grace_s))


def test_a_device_goes_without_and_with_a_goodbye_and_comes_back_each_time() -> None:
    family, said, now_s = Family(), [], [0.0]
    program = Program("edge-x", ("true",), Path("/"))
    fickle = FickleDevice([program], chance=random.Random(1), clock=lambda: now_s[0], say=said.append)
    for pause_s in (THERE_S[0] - 1, THERE_S[1], AWAY_S[1], THERE_S[1], AWAY_S[1]):
        now_s[0] += pause_s
        fickle.tick(family)
    assert family.asked == [
        ("stop edge-x", 0),  # a power cut
        ("start edge-x", None),
        ("stop edge-x", 10.0),
        ("start edge-x", None),
    ]
    assert "loses its power" in said[0]
    assert "is switched off" in said[2]

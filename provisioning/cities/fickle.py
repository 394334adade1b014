"""The wireless device of the sample city that goes and comes back, so that people see what happens then."""

import random
from collections.abc import Callable, Sequence

from provisioning.cities.children import Children, Program

# The broker waits 10 s before it says in a device's name that it is gone.
# Long enough to be an outage with a cause, which takes the hub 10 s more.
AWAY_S = (45.0, 70.0)
THERE_S = (45.0, 75.0)


class FickleDevice:
    """Takes its programs away and brings them back, one outage in two without a warning."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        chance: random.Random,
        clock: Callable[[], float],
        say: Callable[[str], None],
    ) -> None:
        """Begin with the device present.

        Args:
            programs: What runs on the device.
            chance: Decides how long it stays.
            clock: Monotonic seconds.
            say: Takes lines for a person.
        """
        self._programs = programs
        self._chance = chance
        self._clock = clock
        self._say = say
        self._is_away = False
        self._outages = 0
        self._changes_at_s = clock() + chance.uniform(*THERE_S)

    def tick(self, children: Children) -> None:
        """Change sides when it is time."""
        if self._clock() < self._changes_at_s:
            return
        self._is_away = not self._is_away
        for program in self._programs:
            if self._is_away:
                self._take_away(program, children)
            else:
                self._say(f"{program.name} is switched on again: watch it catch up.")
                children.start(program)
        self._changes_at_s = self._clock() + self._chance.uniform(*(AWAY_S if self._is_away else THERE_S))

    def _take_away(self, program: Program, children: Children) -> None:
        self._outages += 1
        is_power_cut = self._outages % 2 == 1
        how = "loses its power" if is_power_cut else "is switched off"
        self._say(f"{program.name} {how}, as a part of the demonstration.")
        children.stop(program.name, grace_s=0 if is_power_cut else 10.0)

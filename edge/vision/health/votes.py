"""N of M: a state is believed when enough of the last looks agree on it."""

from collections import Counter

from edge.wire.records.bodies import PictureState as State

WINDOW = 13
NEEDED = 10
# A stream with one broken picture a second recovers in between; light is judged by seconds of it.
NEEDED_BY_STATE = {State.SMEARED: 6, State.FLICKERING: 8}


class Votes:
    """The last votes, and the state they confirm."""

    def __init__(self) -> None:
        self.state = State.GOOD
        self._votes: list[State] = []

    def cast(self, vote: State) -> State:
        """Take one vote and return the confirmed state."""
        self._votes = [*self._votes[-(WINDOW - 1) :], vote]
        # Frozen has waited long enough by itself, and ends with the first different picture.
        is_immediate = vote is State.FROZEN or (vote is State.GOOD and self.state is State.FROZEN)
        if is_immediate or self._is_confirmed(vote):
            self.state = vote
        elif self._votes.count(State.GOOD) <= WINDOW - NEEDED and len(self._votes) == WINDOW:
            # Bad for certain, though the looks do not agree on the word.
            self.state = Counter(each for each in self._votes if each is not State.GOOD).most_common(1)[0][0]
        return self.state

    def _is_confirmed(self, vote: State) -> bool:
        return self._votes.count(vote) >= NEEDED_BY_STATE.get(vote, NEEDED)

"""The log of the control room: who is on duty, what happened, and the hand-over that the next one signs."""

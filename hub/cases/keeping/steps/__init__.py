"""One step of a case: what it begins with, whom it is given to, when it is due, what is written of it."""

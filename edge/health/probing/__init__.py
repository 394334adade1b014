"""Asks the board, the supply and the surroundings; plain values come back, nothing is judged."""

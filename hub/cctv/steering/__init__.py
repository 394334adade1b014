"""Turning cameras by hand: who holds one, for how long, and the wishes of that hand."""

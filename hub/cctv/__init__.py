"""Cameras of the city: their state and its cause, stills and counts."""

"""Boards in the database: every version as it was saved, the shipped ones until a city saves its own."""

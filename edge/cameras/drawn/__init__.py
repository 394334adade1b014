"""Drawn streets: pictures that move like traffic, with a truth that is known. Pure and seeded."""

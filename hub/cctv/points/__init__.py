"""A point of the city on one page: what hangs there, how it is, and who was there."""

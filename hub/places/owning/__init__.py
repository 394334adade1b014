"""Whose cameras are: the OPDs of the city by all their names, and ownership from a day on."""

"""Definitions made and changed in the web: drafts, faults in words, simulation, publishing."""

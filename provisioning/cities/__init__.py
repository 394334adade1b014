"""Whole cities on one machine: prepared, started as child processes, watched, ended."""

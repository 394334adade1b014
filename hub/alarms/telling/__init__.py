"""Telling people of alarms that nobody acknowledged."""

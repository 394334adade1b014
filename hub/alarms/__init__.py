"""Alarms: one for each root cause, with what people did about it."""

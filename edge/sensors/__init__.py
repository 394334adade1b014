"""Sensors of a device: where their values come from, and the one process that reads them all."""

"""Coarser grains of telemetry: days of the city, and working hours and days out anew."""

"""Fault tickets, opened and closed by their outages; until a case engine takes them over."""

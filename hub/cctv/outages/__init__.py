"""Outages of cameras: one row a root cause, why it was, which cameras it held, and what was done."""

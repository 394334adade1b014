"""Fleets of balena: what Pontive asks of them, in its own words, and what it does with them.

The port and its twin know no SDK; the adapter is ``provisioning/fleet.py``.
"""

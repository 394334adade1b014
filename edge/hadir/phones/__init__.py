"""Simulated people with phones in front of a door: the twin of a real entrance.

Ships in the product for ``./pontive up``, demonstrations and measurements.
"""

"""Introduces devices and hub to each other: certificates, broker configuration, whole cities.

Of ``edge`` it knows ``edge.wire`` and ``edge.config`` only.
"""

"""Introduces edge and hub to each other: certificates, the broker's rules, inventories, whole cities.

Knows ``edge.wire`` and ``edge.config``; of the hub it knows its programs only.
"""

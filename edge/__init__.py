"""Pontive at the edge: what runs on a Raspberry Pi at a camera site or an office door.

Must not import ``hub`` or ``provisioning``.
"""

"""Devices put into service: claim codes, certificates, renewal, revocation, clones, sign-off.

Holds the issuing authority; the city's root is never here.
"""

"""Certificates: signed, recorded, renewed, revoked, and seen twice."""

"""The city's certificates: authority, issuing, key files, rotation."""

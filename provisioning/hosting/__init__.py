"""Puts a hub on a Debian server: users, folders, certificates, broker, units. ``pontive-hub install``.

Knows the hub by its programs and its settings file only, like all of provisioning.
"""

"""Devices as people see them: how each is, its page, what happened to it, its tile."""

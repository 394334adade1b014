"""Calling out to the open internet, and never into our own network: names, connections, one look."""

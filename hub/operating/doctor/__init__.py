"""Looks at everything the hub stands on, and names what is wrong and what to do."""

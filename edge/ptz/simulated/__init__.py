"""A simulated camera that turns: its head, and the ONVIF service it answers with. Ships for practice."""

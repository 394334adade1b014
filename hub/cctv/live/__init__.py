"""Watching cameras live: why, by whom, and the stream itself."""

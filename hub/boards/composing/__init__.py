"""Putting boards together in the browser."""

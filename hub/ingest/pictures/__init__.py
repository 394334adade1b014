"""Stills and clips as files: the newest, a few older ones, fetched pieces."""

"""A machine with two slots made of files: the twin of a real one, for cities on one computer and tests."""

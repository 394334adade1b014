"""Registers: typed rows with validity, source and history; each kind is data (``kinds/*.toml``)."""

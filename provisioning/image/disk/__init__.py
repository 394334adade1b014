"""The card: where things lie on it, and file systems made without mounting any."""

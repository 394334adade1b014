"""Who crosses a line, and how far that can be trusted."""

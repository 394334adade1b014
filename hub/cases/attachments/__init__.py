"""Files that people hand in: the one safe door, the store behind it, and the way out again."""

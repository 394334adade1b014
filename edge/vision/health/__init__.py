"""Is the picture a picture: one test a file, and the watch that holds them together. Pure."""

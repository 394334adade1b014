"""From a mask to things, and things through time."""

"""The life of one update, state by state, kept so that a kill at any moment leaves a working device."""

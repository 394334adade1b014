"""The hub works days out by itself: when readers have delivered, and once a night."""

"""The list of all cameras, those that need somebody first."""

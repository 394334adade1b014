"""A new version tried on cases that were, before it is published."""

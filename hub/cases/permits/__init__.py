"""Permits that were issued, for everybody to look up."""

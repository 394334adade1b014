"""Employees on screen: the list and the card of one, their places, and who left."""

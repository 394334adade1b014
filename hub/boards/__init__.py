"""Boards: tiles of all concerns on one screen, live."""

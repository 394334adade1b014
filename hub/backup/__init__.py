"""Backups: one encrypted file of everything that cannot be made again, and opening it."""

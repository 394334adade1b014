"""Clips: the newest seconds of a camera in memory, kept on the disk when something happens."""

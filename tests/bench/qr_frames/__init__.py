"""Seeded generator of frames with QR codes as a door sees them, and of their truth."""

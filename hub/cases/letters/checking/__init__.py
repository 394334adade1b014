"""Checking a letter: by its QR code, by its code typed, by its PDF. For anybody; shows no full name."""

"""Versions of camera settings: kept, and given to devices signed and sealed."""

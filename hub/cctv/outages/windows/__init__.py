"""Maintenance windows: when a place may be dark without anybody being called."""

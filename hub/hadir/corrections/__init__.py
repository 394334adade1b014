"""Corrections of a day: asked, decided by two people, applied beside the scans."""

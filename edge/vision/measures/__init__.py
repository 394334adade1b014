"""Measures of the scene beside the counts: sizes, speeds, fullness, water level, quality. Pure."""

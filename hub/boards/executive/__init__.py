"""The city, or a part of it, in a few numbers for those who answer for it; made for a phone."""

"""Complaints of citizens: filed with a photo and without an account; what the public and cameras see."""

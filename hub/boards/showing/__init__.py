"""Composed boards on screens of people who are signed in."""

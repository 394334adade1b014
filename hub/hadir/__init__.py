"""Attendance: who was at the door, and what follows from it."""

"""Checks that a technician asks for; each says what it looked at and what to do."""

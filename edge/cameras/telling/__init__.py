"""What a camera's worker says: counts, episodes, records of a period."""

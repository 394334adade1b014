"""Several ingest processes: which of them does the chores of the city, and how they are kept running."""

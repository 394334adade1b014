"""Points of series in the database, their roll-ups, and what is read from them."""

"""How long each table is kept: one table as data, and what takes away what is over its time."""

"""Rows in the database: kept, owned from a day on, never without their history."""

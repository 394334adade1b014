"""What may be done with a case, and what comes of it. Pure: no database, no clock, no request."""

"""From the broker to checked records: subscribe, limit, decode, sort. No database."""

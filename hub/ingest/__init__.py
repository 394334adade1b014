"""From broker to database: decode strictly, commit a batch, then acknowledge.

Knows no concern of the city: what a record means is in the handlers that are passed in.
"""

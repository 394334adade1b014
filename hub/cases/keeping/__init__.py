"""Cases in the database: filed, acted on, numbered, handed to who holds the role here."""

"""Letters that were issued: found again by any name, kept as long as they must be, handed on as a file."""

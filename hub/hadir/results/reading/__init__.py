"""What day results depend on, read from tables; and rows as the rules take them."""

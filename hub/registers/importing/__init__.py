"""Tables of rows from outside: checked whole, shown, then written whole or not at all."""

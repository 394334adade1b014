"""Direction B: phones that scan the code an office shows, where a door's camera cannot read them."""

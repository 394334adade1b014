"""How much of a time cameras were there, by camera, point, owner and month."""

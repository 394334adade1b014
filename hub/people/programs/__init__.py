"""Programs that read the hub in somebody's name: a token each, with one permission, a scope and an end."""

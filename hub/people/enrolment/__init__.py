"""How somebody becomes known to doors: a people file, and one-time codes for phones."""

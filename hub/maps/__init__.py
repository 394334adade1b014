"""The map of the city: what concerns put on it, how it is drawn, and its page. No internet needed."""

"""The wall: every camera of the city once a second, as one sheet for all who look."""

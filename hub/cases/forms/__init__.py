"""One renderer for the forms of all services: reads what came, draws it with its faults, loses nothing."""

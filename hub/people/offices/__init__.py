"""OPDs and their units: named, and where the people of a unit work."""

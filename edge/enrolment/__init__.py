"""How a blank device becomes one of the city's: code, key, certificate, and their renewal."""

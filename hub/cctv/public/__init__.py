"""What everybody may see of the city's cameras: stills of those that are marked public, never video."""

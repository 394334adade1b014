"""What does not belong to the empty scene: light, noise, shaking and shadows taken out."""

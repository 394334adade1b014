"""What the pictures of one camera are like: the camera worker's side of :mod:`edge.vision.health`."""

"""From frames to texts: cameras, decoders, how hard to try, and how well it goes."""

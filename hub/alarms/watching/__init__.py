"""What the hub watches by itself."""

"""Day results compared with what was published, published, frozen."""

"""What a device says without screen or network: blinks of its own LED, one pattern for each state."""

"""What the device runs: Debian packages, wheels, the agent, users, units, drivers, and a list of it all."""

"""Setting up the cameras of a device: from the hub, or by a technician at the site."""

"""Where frames come from: one adapter a kind of source, behind :class:`edge.cameras.port.Camera`."""

"""How devices are told of a release, and where they fetch it."""

"""A citizen's own, optional account: signing in by a code, own cases, data and documents."""

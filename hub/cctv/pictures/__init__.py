"""Pictures that are kept: content-addressed, looked at for a declared purpose only, and noted."""

"""Pages that stay up to date: server-sent events, one producer for many listeners."""

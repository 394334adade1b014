"""Ways out for messages: one port, and its adapters."""

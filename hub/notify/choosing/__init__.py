"""Where people want to be told, and when not."""

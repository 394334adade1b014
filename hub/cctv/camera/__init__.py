"""One camera's page: its picture, its counts and clips, what is known of it, and setting it up."""

"""What people type into addresses and forms, taken only as far as the hub can compute with it."""

"""Days that are over, packed small, and opened again for late rows."""

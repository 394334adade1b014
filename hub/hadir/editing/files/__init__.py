"""Leave, shifts, hours and tariffs from files: every bad row is named, and nothing is half written."""

"""What cameras counted and measured over time: one camera's page, the city's worst ten, the same numbers as files."""

"""What cameras counted and measured over time: a camera's page and files, the city's worst ten."""

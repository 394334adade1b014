"""What a citizen meets first: the city's front page, its search, its weather, and the page on the phone."""

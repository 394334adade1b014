"""All devices of the city on one page: what runs on them, how they are, what needs somebody."""

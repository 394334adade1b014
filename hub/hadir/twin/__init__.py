"""A past month for demonstrations: invented passings of invented people, told to the real rules."""

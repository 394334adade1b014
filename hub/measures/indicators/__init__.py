"""The six indicators of a smart city, and the statistics of content: boards made of measures alone."""

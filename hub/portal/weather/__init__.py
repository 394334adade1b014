"""The weather as the front page says it: a text that an officer keeps, a forecast out of a file."""

"""Day results as screens and files show them: a month of an OPD, today, a year of absence."""

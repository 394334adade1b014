"""Employees from a table of the personnel office: read, checked, compared, shown, then written."""

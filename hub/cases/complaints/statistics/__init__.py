"""Complaints counted: by month, OPD, status, year, category and kelurahan, beside what was published before."""

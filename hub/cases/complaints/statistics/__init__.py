"""Complaints counted by month, OPD, status, category and kelurahan, beside what was published."""

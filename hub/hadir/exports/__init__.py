"""Recaps to keep: the same numbers as CSV, XLSX and PDF, with what they rest on written above them."""

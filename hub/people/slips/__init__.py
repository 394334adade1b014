"""Secrets on paper: one-time codes and first PINs, one slip a person, handed over by hand."""

"""Issuing a letter when it is signed: number, words, seal, PDF, archive; and revoking it."""

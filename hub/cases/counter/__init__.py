"""The counter: asking for a citizen, comparing papers with originals, a NIK for a reason."""

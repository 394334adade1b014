"""The pages of every kind: one set for all."""

"""Findings (temuan): a place marked on a picture, sent to the OPD that must act, answered by it."""

"""Finds cameras on the networks a technician names; asks, and changes nothing."""

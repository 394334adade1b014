"""Public pages of areas that are renewed, with before and after, and of trainings."""

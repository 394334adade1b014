"""What is measured, as data: one entry a measure, formulas over others, sums that must agree."""

"""What payroll reads by itself: months as numbers, with the rules and the completeness they rest on."""

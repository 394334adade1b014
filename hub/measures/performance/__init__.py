"""Plan, budget, realisation and evaluation of each OPD; the city is their sum."""

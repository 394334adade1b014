"""The pages of any measure: the list, one with its chart and sides, and the rows it was made of."""

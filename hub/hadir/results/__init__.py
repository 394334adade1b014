"""Day results: which hours count, what was seen, what follows, published and summed up."""

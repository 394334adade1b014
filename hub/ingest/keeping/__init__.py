"""From checked records to committed rows: one writer, each record once, what cannot be kept named."""

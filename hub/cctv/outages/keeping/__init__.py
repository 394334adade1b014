"""The chore of ingest that opens, folds, corrects and closes outages from committed rows."""

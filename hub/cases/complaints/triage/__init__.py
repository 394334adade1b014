"""The desk of complaints: words and pictures for the public, duplicates, cameras, answers that are ready."""

"""One process a camera or door: started, watched, heard, replaced. Nothing here knows what a worker does."""

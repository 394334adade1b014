"""What a door judges by: freshness, used codes, roster, PIN tries, and the record of an accepted code."""

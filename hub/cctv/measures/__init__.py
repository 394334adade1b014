"""What cameras measure beside their counts: fullness of zones, water levels, quality."""

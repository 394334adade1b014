"""What the measures of the scene come to, period by period, as records. Pure."""

"""ENGINE 3: series with unit, direction, thresholds and target; points with quality and source; roll-ups."""
